using System;
using System.IO;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Standins.Tests;
using Microsoft.ML.Runtime;
using Microsoft.VisualStudio.TestTools.UnitTesting;

[assembly: LoadableClass(typeof(LoadableModel), null, typeof(SignatureLoadModel), "A model", LoadableModel.LoaderSignature)]
[assembly: LoadableClass(typeof(ICanSaveModel), typeof(LoadableModel.Failing), null, typeof(SignatureLoadModel), "A model that does not load", LoadableModel.Failing.LoaderSignature)]

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class CoreModelContextTests
{
    private readonly LocalEnvironment _env = new();

    [TestMethod]
    public void AModelAndItsPartsComeBackWithNoCallBefore()
    {
        var model = new LoadableModel { Name = "outer", Bytes = [1, 2, 3], Part = new LoadableModel { Name = "inner", Bytes = [4] } };
        using MemoryStream zip = Save(model);
        using RepositoryReader reader = RepositoryReader.Open(zip, _env);

        ModelLoadContext.LoadModel<ICanSaveModel, SignatureLoadModel>(_env, out ICanSaveModel loaded, reader, "TransformerChain");

        var copy = (LoadableModel)loaded;
        Assert.AreEqual("outer", copy.Name);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, copy.Bytes);
        Assert.AreEqual("inner", copy.Part!.Name);
        CollectionAssert.AreEqual(new byte[] { 4 }, copy.Part.Bytes);
        Assert.IsNull(copy.Part.Part);
    }

    [TestMethod]
    public void PartsLieInFoldersBelowTheModel()
    {
        using MemoryStream zip = Save(new LoadableModel { Part = new LoadableModel() });
        using RepositoryReader reader = RepositoryReader.Open(zip, _env);

        foreach ((string folder, string name) in new[] { ("TransformerChain", "Model.key"), ("TransformerChain/Part", "Model.key"), ("TransformerChain/Part", "Bytes"), ("TransformerChain/Notes", "Model.key") })
            reader.OpenEntry(folder, name).Dispose();
    }

    [TestMethod]
    public void AMissingModelIsAFormatException()
    {
        using MemoryStream zip = Save(new LoadableModel());
        using RepositoryReader reader = RepositoryReader.Open(zip, _env);

        Assert.IsFalse(ModelLoadContext.LoadModelOrNull<ICanSaveModel, SignatureLoadModel>(_env, out _, reader, "Elsewhere"));
        Assert.ThrowsExactly<FormatException>(() => ModelLoadContext.LoadModel<ICanSaveModel, SignatureLoadModel>(_env, out _, reader, "Elsewhere"));
        Assert.ThrowsExactly<FormatException>(() => ModelLoadContext.LoadModel<string, SignatureLoadModel>(_env, out _, reader, "TransformerChain"),
            "a model of another type");
    }

    [TestMethod]
    [DataRow(true, typeof(InvalidOperationException))]
    [DataRow(false, typeof(System.Reflection.TargetInvocationException))]
    public void WhatALoaderThrowsIsInside(bool isForeseen, Type thrown)
    {
        using MemoryStream zip = Save(new LoadableModel.Failing { IsForeseen = isForeseen });
        using RepositoryReader reader = RepositoryReader.Open(zip, _env);

        Exception? error = null;
        try
        {
            ModelLoadContext.LoadModel<ICanSaveModel, SignatureLoadModel>(_env, out _, reader, "TransformerChain");
        }
        catch (Exception ex)
        {
            error = ex;
        }

        Assert.IsInstanceOfType(error, thrown);
        Assert.IsInstanceOfType<FormatException>(error!.GetBaseException());
    }

    [TestMethod]
    public void AModelWithoutAVersionIsNotSaved()
    {
        RepositoryWriter writer = RepositoryWriter.CreateNew(new MemoryStream());
        Assert.ThrowsExactly<InvalidOperationException>(() => ModelSaveContext.SaveModel(writer, new Unversioned(), "TransformerChain"));
    }

    private MemoryStream Save(ICanSaveModel model)
        => CoreRepositoryTests.Save(repository => ModelSaveContext.SaveModel(repository, model, "TransformerChain"));

    private sealed class Unversioned : ICanSaveModel
    {
        public void Save(ModelSaveContext ctx) => ctx.Writer.Write(1);
    }
}

/// <summary>Uses all that a context offers to a model.</summary>
internal sealed class LoadableModel : ICanSaveModel
{
    public const string LoaderSignature = "StandinTestModel";

    public string Name { get; init; } = "none";

    public byte[] Bytes { get; init; } = [];

    public LoadableModel? Part { get; init; }

    private static VersionInfo Version(string loader)
        => new("STANDMDL", 1, 1, 1, typeof(LoadableModel).Assembly.FullName, loader);

    public void Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version(LoaderSignature));
        ctx.SaveNonEmptyString(Name);
        ctx.SaveString("");
        ctx.SaveStringOrNull(null);
        ctx.SaveStringOrNull(Name);
        ctx.Writer.Write(Part != null);
        ctx.SaveBinaryStream("Bytes", writer => writer.Write(Bytes));
        ctx.SaveTextStream("Text", writer => writer.Write(Name));
        ctx.SaveModel(Part, "Part");
        ctx.SaveSubModel("Notes", notes =>
        {
            notes.SetVersionInfo(Version(LoaderSignature));
            notes.Writer.Write(Name.Length);
        });
    }

    private static LoadableModel Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version(LoaderSignature));
        string name = ctx.LoadNonEmptyString();
        Assert.AreEqual("", ctx.LoadString());
        Assert.IsNull(ctx.LoadStringOrNull());
        Assert.AreEqual(name, ctx.LoadStringOrNull());
        Assert.IsNotNull(env);

        LoadableModel? part = null;
        if (ctx.Reader.ReadBoolean())
            ctx.LoadModel<LoadableModel, SignatureLoadModel>(env, out part, "Part");
        byte[]? bytes = null;
        Assert.IsTrue(ctx.TryLoadBinaryStream("Bytes", reader => bytes = reader.ReadBytes(100)));
        Assert.IsFalse(ctx.TryLoadBinaryStream("None", _ => Assert.Fail()));
        Assert.IsTrue(ctx.TryLoadTextStream("Text", reader => Assert.AreEqual(name, reader.ReadToEnd())));
        Assert.IsTrue(ctx.TryProcessSubModel("Notes", notes => Assert.AreEqual(name.Length, notes.Reader.ReadInt32())));
        Assert.IsFalse(ctx.TryProcessSubModel("None", _ => Assert.Fail()));
        return new LoadableModel { Name = name, Bytes = bytes!, Part = part };
    }

    internal sealed class Failing : ICanSaveModel
    {
        public const string LoaderSignature = "StandinFailingModel";

        public bool IsForeseen { get; init; }

        public void Save(ModelSaveContext ctx)
        {
            ctx.SetVersionInfo(Version(LoaderSignature));
            ctx.Writer.Write(IsForeseen);
        }

        private static ICanSaveModel Create(IHostEnvironment env, ModelLoadContext ctx)
            => throw (ctx.Reader.ReadBoolean() ? env.ExceptDecode("foreseen") : new FormatException("not foreseen"));
    }
}
