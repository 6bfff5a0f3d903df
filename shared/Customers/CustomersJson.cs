using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Customers;

/// <summary>How the rows of a customer's partition are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(Effect[]))]
[JsonSerializable(typeof(AuditRecord))]
[JsonSerializable(typeof(Consent))]
[JsonSerializable(typeof(ContactLedger))]
[JsonSerializable(typeof(DecisionHistory))]
[JsonSerializable(typeof(IReadOnlyList<ActionAnswer>))]
[JsonSerializable(typeof(DecisionAttribution))]
[JsonSerializable(typeof(AnswerChange))]
[JsonSerializable(typeof(Profile))]
[JsonSerializable(typeof(SignalRow))]
[JsonSerializable(typeof(OutcomeRow))]
[JsonSerializable(typeof(LifecycleRow))]
public sealed partial class CustomersJson : JsonSerializerContext;
