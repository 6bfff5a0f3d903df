using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Scoring;

/// <summary>How rows of this capability are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(PredictionRow))]
public sealed partial class ScoringJson : JsonSerializerContext;
