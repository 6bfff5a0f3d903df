using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Decisions;

/// <summary>How decisions are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, Converters = [typeof(InstantConverter)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DecisionGroups))]
internal sealed partial class DecisionsJson : JsonSerializerContext;
