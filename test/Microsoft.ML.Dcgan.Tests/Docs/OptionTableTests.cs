using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML.Dcgan.Tests.Build;

namespace Microsoft.ML.Dcgan.Tests.Docs;

/// <summary>What is written of options is what their attributes say.</summary>
[TestClass]
public class OptionTableTests
{
    private static IReadOnlyList<OptionField> Fields => OptionsSchema<DcganEstimator.Options>.Fields;

    [TestMethod]
    public void The_tables_of_options_are_what_the_attributes_say() =>
        GeneratedTables.Check("options.md", "the attributes of DcganEstimator.Options", "The_tables_of_options", Tables());

    [TestMethod]
    public void Every_option_says_what_it_is_in_a_sentence()
    {
        foreach (OptionField field in Fields)
        {
            StringAssert.Matches(field.Help, new Regex(@"^[A-Z][^|]*\.$"), field.Name);
            Assert.IsTrue(!field.IsNumber || field.Expected.Length > 0 || field.Name.EndsWith("Seed"), $"{field.Name} has no range");
            Assert.IsTrue(!field.IsText || field.Default != null || field.DefaultText.StartsWith("null, "),
                $"{field.Name} does not say what null means");
        }
    }

    // A range of ints rounds what it is asked about, and fails where that is too large for one.
    [TestMethod]
    [DataRow(typeof(DcganEstimator.Options))]
    [DataRow(typeof(ImageGenerationOptions))]
    [DataRow(typeof(LatentProjectionOptions))]
    public void Only_ints_have_ranges_of_ints(Type options)
    {
        foreach (FieldInfo field in options.GetFields())
        {
            if (field.GetCustomAttribute<RangeAttribute>() is { } range && range.OperandType == typeof(int))
                Assert.AreEqual(typeof(int), Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType, field.Name);
        }
    }

    // An editor shows these, and no attributes.
    [TestMethod]
    public void Comments_have_the_range_and_the_default_of_every_option()
    {
        XDocument comments = XDocument.Load(Path.ChangeExtension(typeof(DcganEstimator).Assembly.Location, ".xml"));
        foreach (OptionField field in Fields.Where(field => field.IsText && field.Name != nameof(DcganEstimator.Options.OutputColumnName)))
        {
            XElement comment = comments.Descendants("member")
                .Single(member => (string)member.Attribute("name")! == $"F:Microsoft.ML.Dcgan.DcganEstimator.Options.{field.Name}");
            foreach (XElement reference in comment.Descendants("see").ToArray())
                reference.ReplaceWith(((string?)reference.Attribute("cref") ?? "").Split('.')[^1]);
            string text = Regex.Replace(comment.Value, @"\s+", " ");

            StringAssert.Contains(text, $"Default {Regex.Replace(field.DefaultText, ", for.*|, to.*", "")}", field.Name);
            if (field.IsNumber)
                Assert.IsTrue(Regex.IsMatch(text, string.Join(".*", field.Expected.Split(" (")[0].Split(' ').Select(Regex.Escape))),
                    $"{field.Name} must be {field.Expected}, but its comment says: {text}");
        }
    }

    private static string Tables()
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, OptionField> group in Fields.GroupBy(field => field.Group))
        {
            text.Append($"\n## {group.Key}\n\n| option | values | default | |\n|---|---|---|---|\n");
            foreach (OptionField field in group)
                text.Append($"| `{field.Name}` | {Values(field)} | {Default(field)} | {field.Help} |\n");
        }
        return text.ToString();
    }

    private static string Values(OptionField field) => field switch
    {
        { Kind.IsEnum: true } => Regex.Replace(field.Expected, @"\b[A-Z]\w*\b", "`$0`"),
        { Expected.Length: > 0 } => field.Expected,
        { IsNumber: true } => "a whole number",
        { IsText: true } => "true or false",
        _ => "`" + Regex.Replace(field.Kind.Name, @"`\d$", "") +
            (field.Kind.IsGenericType ? $"<{field.Kind.GenericTypeArguments[0].Name}>" : "") + "`",
    };

    private static string Default(OptionField field) => field.DefaultText switch
    {
        "" or "none" => "",
        var text when text.Split(", ", 2) is ["null", var meaning] => $"`null` {meaning}",
        var text => $"`{text}`",
    };
}
