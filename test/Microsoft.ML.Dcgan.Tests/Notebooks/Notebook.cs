using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Dcgan.Tests.Notebooks;

/// <summary>A Jupyter notebook file (nbformat 4): its code cells, and the outputs stored with them.</summary>
internal sealed class Notebook
{
    private static readonly JsonSerializerOptions _format =
        new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private readonly JsonNode _root;

    public Notebook(string path)
    {
        _path = path;
        _root = JsonNode.Parse(File.ReadAllText(path))!;
        Cells = _root["cells"]!.AsArray().Select(cell => (string?)cell!["cell_type"] == "code"
            ? ((string?)null, new Cell(cell.AsObject()))
            : (((string)cell["source"]![0]!).TrimStart('#').Trim(), (Cell?)null)).ToArray();
    }

    public string Folder => Path.GetDirectoryName(_path)!;

    /// <summary>All cells in order: the first line of a text, or code.</summary>
    public IReadOnlyList<(string? Heading, Cell? Code)> Cells { get; }

    public IEnumerable<Cell> Code => Cells.Where(cell => cell.Code != null).Select(cell => cell.Code!);

    public string Language => (string)_root["metadata"]!["kernelspec"]!["language"]!;

    public void Save() => File.WriteAllText(_path, _root.ToJsonString(_format) + "\n");

    public sealed class Cell(JsonObject json)
    {
        public string Source => string.Concat(json["source"]!.AsArray().Select(line => (string)line!));

        /// <summary>Whether this cell names packages, each as in <c>#r "nuget: Name, 1.0.0"</c>.</summary>
        public bool FetchesPackages => Source.StartsWith("#r \"nuget:", StringComparison.Ordinal);

        /// <summary>Whether this cell holds the settings that whoever runs the notebook may replace.</summary>
        public bool HoldsParameters => json["metadata"]?["tags"]?.AsArray().Any(tag => (string)tag! == "parameters") ?? false;

        /// <summary>What the stored outputs have of a MIME type, or printed where it is "stdout".</summary>
        public IReadOnlyList<string> Stored(string mimeType) =>
            json["outputs"]!.AsArray()
                .Select(output => mimeType == "stdout" && (string?)output!["output_type"] == "stream" ? output["text"]
                    : output!["data"]?[mimeType])
                .Where(text => text != null)
                .Select(text => text is JsonArray lines ? string.Concat(lines.Select(line => (string)line!)) : (string)text!)
                .ToArray();

        public void Store(int number, string printed, IEnumerable<IReadOnlyDictionary<string, string>> shown)
        {
            var outputs = new JsonArray();
            if (printed.Length > 0)
                outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = Lines(printed) });
            foreach (IReadOnlyDictionary<string, string> values in shown)
            {
                outputs.Add(new JsonObject
                {
                    ["output_type"] = "display_data",
                    ["metadata"] = new JsonObject(),
                    ["data"] = new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
                });
            }
            json["outputs"] = outputs;
            json["execution_count"] = number;
        }

        private static JsonArray Lines(string text) =>
            new(text.Split('\n').Select((line, i) => (i > 0, line)).Aggregate(new List<string>(), (lines, next) =>
            {
                if (next.Item1)
                    lines[^1] += "\n";
                lines.Add(next.line);
                return lines;
            }).Where(line => line.Length > 0).Select(line => (JsonNode?)line).ToArray());
    }
}
