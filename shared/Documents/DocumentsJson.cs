using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Documents;

/// <summary>How records of documents are stored and told over HTTP.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(DocumentRecord))]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
[JsonSerializable(typeof(IReadOnlyList<JsonChange>))]
public sealed partial class DocumentsJson : JsonSerializerContext;
