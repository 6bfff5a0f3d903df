using System.Text.Json.Serialization;

namespace ServerlessCLM.Scoring.Lifecycle;

/// <summary>How totals of stages are kept.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StageTotals))]
[JsonSerializable(typeof(int[]))]
internal sealed partial class LifecycleJson : JsonSerializerContext;
