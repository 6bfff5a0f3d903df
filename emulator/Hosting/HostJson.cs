using System.Globalization;
using System.Text.Json;

namespace ServerlessCLM.Emulator;

/// <summary>Reads <c>host.json</c>.</summary>
internal static class HostJson
{
    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the first <c>host.json</c> of some folders; the defaults when there is none.</summary>
    /// <exception cref="FunctionsStartupException">The file is malformed; the message names the JSON path.</exception>
    public static HostConfiguration Find(params IEnumerable<string> folders)
    {
        var path = folders.Select(folder => Path.Combine(folder, "host.json")).FirstOrDefault(File.Exists);
        return path is null ? new() : Parse(File.ReadAllBytes(path), path);
    }

    /// <param name="json">The document.</param>
    /// <param name="file">Its name, for errors.</param>
    public static HostConfiguration Parse(ReadOnlyMemory<byte> json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(json), Lenient);
            var root = new Node(document.RootElement, "$", file);
            if (root.Text("version") is not "2.0")
                throw root.Wrong("version", "must be \"2.0\"");
            var extensions = root.Child("extensions");
            return new()
            {
                Http = Http(extensions.Child("http")),
                EventHubs = EventHubs(extensions.Child("eventHubs")),
                DurableTask = DurableTask(extensions.Child("durableTask")),
                LogLevels = root.Child("logging").Child("logLevel").Texts(),
            };
        }
        catch (JsonException wrong)
        {
            throw new FunctionsStartupException($"{file} is not JSON: {wrong.Message}", wrong);
        }
    }

    /// <summary>UTF-8 without the byte order mark that some editors put before it.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8) => utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;

    static HttpSettings Http(Node node)
    {
        var defaults = new HttpSettings();
        return new()
        {
            RoutePrefix = (node.Text("routePrefix") ?? defaults.RoutePrefix).Trim('/'),
            MaxRequestBodySize = node.Number("maxRequestBodySize", defaults.MaxRequestBodySize, 1, int.MaxValue),
            MaxConcurrentRequests = node.Bound("maxConcurrentRequests"),
            MaxOutstandingRequests = node.Bound("maxOutstandingRequests"),
        };
    }

    static EventHubsSettings EventHubs(Node node)
    {
        var defaults = new EventHubsSettings();
        var most = (int)node.Number("maxEventBatchSize", defaults.MaxEventBatchSize, 1, 100_000);
        return new()
        {
            MaxEventBatchSize = most,
            MinEventBatchSize = (int)node.Number("minEventBatchSize", defaults.MinEventBatchSize, 1, most),
            MaxWaitTime = node.Time("maxWaitTime", defaults.MaxWaitTime, TimeSpan.FromMinutes(10)),
            BatchCheckpointFrequency = (int)node.Number("batchCheckpointFrequency", defaults.BatchCheckpointFrequency, 1, 100_000),
            InitialOffset = node.Child("initialOffsetOptions").Text("type") switch
            {
                null or "" or "fromStart" => InitialOffset.FromStart,
                "fromEnd" => InitialOffset.FromEnd,
                var other => throw node.Child("initialOffsetOptions").Wrong("type", $"is \"{other}\", must be fromStart or fromEnd"),
            },
        };
    }

    static DurableTaskSettings DurableTask(Node node)
    {
        var defaults = new DurableTaskSettings();
        return new()
        {
            HubName = node.Text("hubName") ?? defaults.HubName,
            MaxConcurrentActivityFunctions = (int)node.Number("maxConcurrentActivityFunctions", defaults.MaxConcurrentActivityFunctions, 1, 10_000),
            MaxConcurrentOrchestratorFunctions = (int)node.Number("maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestratorFunctions, 1, 10_000),
        };
    }

    /// <summary>An object of the document with its path; an absent one has no members.</summary>
    readonly record struct Node(JsonElement? Element, string Path, string File)
    {
        public Node Child(string name) => Member(name) switch
        {
            null or { ValueKind: JsonValueKind.Null } => new(null, $"{Path}.{name}", File),
            { ValueKind: JsonValueKind.Object } child => new(child, $"{Path}.{name}", File),
            _ => throw Wrong(name, "must be an object"),
        };

        public string? Text(string name) => Member(name) switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            _ => throw Wrong(name, "must be a text"),
        };

        public long Number(string name, long fallback, long least, long most) => Member(name) switch
        {
            null or { ValueKind: JsonValueKind.Null } => fallback,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) && value >= least && value <= most => value,
            _ => throw Wrong(name, $"must be a whole number from {least} to {most}"),
        };

        /// <summary>At least 1; null for none, which is also written as -1.</summary>
        public int? Bound(string name) => Number(name, -1, -1, int.MaxValue) switch
        {
            -1 => null,
            0 => throw Wrong(name, "must be at least 1, or -1 for no bound"),
            var bound => (int)bound,
        };

        public TimeSpan Time(string name, TimeSpan fallback, TimeSpan most) => Text(name) switch
        {
            null => fallback,
            var text when TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var value) && value >= TimeSpan.Zero && value <= most => value,
            _ => throw Wrong(name, $"must be a time as hh:mm:ss up to {most}"),
        };

        public Dictionary<string, string> Texts()
        {
            var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var member in Element?.EnumerateObject().Select(member => member.Name) ?? [])
                texts[member] = Text(member) ?? throw Wrong(member, "must be a text");
            return texts;
        }

        public FunctionsStartupException Wrong(string name, string reason) => new($"{File}: {Path}.{name} {reason}.");

        JsonElement? Member(string name)
        {
            if (Element is not { } element)
                return null;
            if (element.ValueKind != JsonValueKind.Object)
                throw new FunctionsStartupException($"{File}: {Path} must be an object.");
            return element.TryGetProperty(name, out var member) ? member : null;
        }
    }
}
