using System;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class CoreComponentCatalogTests
{
    private delegate void SignatureMake(int size);

    private readonly LocalEnvironment _env = new();

    [TestMethod]
    public void ARegisteredAssemblysComponentsAreFoundByNameAndSignature()
    {
        ComponentCatalog catalog = _env.ComponentCatalog;
        Assert.IsNull(catalog.GetLoadableClassInfo<SignatureLoadModel>(LoadableModel.LoaderSignature));

        catalog.RegisterAssembly(typeof(LoadableModel).Assembly);
        catalog.RegisterAssembly(typeof(LoadableModel).Assembly);

        ComponentCatalog.LoadableClassInfo info = catalog.GetLoadableClassInfo<SignatureLoadModel>(" standintestMODEL ");
        Assert.AreEqual(typeof(LoadableModel), info.Type);
        Assert.IsNull(catalog.GetLoadableClassInfo<SignatureMake>(LoadableModel.LoaderSignature));
        Assert.IsFalse(ComponentCatalog.TryCreateInstance<object, SignatureMake>(_env, out _, "None", 1));
    }

    [TestMethod]
    [DataRow(typeof(PrivateCreate), 4)]
    [DataRow(typeof(PrivateCreateWithEnvironment), 5)]
    [DataRow(typeof(Constructed), 6)]
    [DataRow(typeof(ConstructedWithEnvironment), 7)]
    [DataRow(typeof(PublicCreatePrivateConstructor), 8)]
    public void TheMakerIsTheMoreVisibleOfConstructorAndCreate(Type loader, int expected)
    {
        var made = Find(loader)!.CreateInstance<Thing>(_env, [3]);

        Assert.AreEqual(expected, made.Value);
    }

    [TestMethod]
    public void TwoMakersOfTheSameVisibilityAreAmbiguous()
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => Find(typeof(Ambiguous)));
    }

    [TestMethod]
    public void ALoaderWithoutAFittingMakerIsNotLoadable()
    {
        Assert.IsNull(Find(typeof(WrongParameters)));
        Assert.IsNull(Find(typeof(WrongResult)));
    }

    [TestMethod]
    public void WrongArgumentsOrResultsAreRefused()
    {
        ComponentCatalog.LoadableClassInfo info = Find(typeof(PrivateCreate))!;

        Assert.ThrowsExactly<InvalidOperationException>(() => info.CreateInstance<Thing>(_env, []));
        Assert.ThrowsExactly<InvalidOperationException>(() => info.CreateInstance<string>(_env, [3]));
    }

    [TestMethod]
    public void TheAttributeTakesItsUserNameForWantOfALoadName()
    {
        CollectionAssert.AreEqual(new[] { "Thing" }, new LoadableClassAttribute(typeof(Thing), null, typeof(SignatureMake), "Thing").LoadNames);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LoadableClassAttribute(typeof(Thing), null, typeof(SignatureMake), "Thing", " "));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LoadableClassAttribute(typeof(Thing), null, typeof(string), "Thing"));
    }

    private static ComponentCatalog.LoadableClassInfo? Find(Type loader)
        => ComponentCatalog.LoadableClassInfo.Find(new LoadableClassAttribute(typeof(Thing), loader, null, typeof(SignatureMake), "Thing"));

    private class Thing
    {
        public int Value { get; protected init; }
    }

    private static class PrivateCreate
    {
        private static Thing Create(int size) => new Constructed(size - 2);
    }

    private static class PrivateCreateWithEnvironment
    {
        private static Thing Create(IHostEnvironment env, int size) => new Constructed(env != null ? size - 1 : 0);
    }

    private sealed class Constructed : Thing
    {
        public Constructed(int size) => Value = size + 3;
    }

    private sealed class ConstructedWithEnvironment : Thing
    {
        internal ConstructedWithEnvironment(IHostEnvironment env, int size) => Value = env != null ? size + 4 : 0;

        private static Thing Create(int size) => new();
    }

    private sealed class PublicCreatePrivateConstructor : Thing
    {
        private PublicCreatePrivateConstructor(int size) => Value = size;

        public static Thing Create(int size) => new PublicCreatePrivateConstructor(size + 5);
    }

    private sealed class Ambiguous : Thing
    {
        public Ambiguous(int size) => Value = size;

        public static Thing Create(int size) => new();
    }

    private static class WrongParameters
    {
        public static Thing Create(string size) => new();
    }

    private static class WrongResult
    {
        public static object Create(int size) => new();
    }
}
