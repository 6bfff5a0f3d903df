using System.Text.Json.Nodes;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Experiments;

/// <summary>Experiments as documents, under the same four eyes as strategies.</summary>
public sealed class ExperimentKind() : DocumentKind("experiment", "experiments")
{
    protected override void CheckMeaning(JsonObject document, Findings findings)
    {
        foreach (var wrong in ExperimentDocuments.Read(document).Wrong)
            findings.Error(wrong.Field == "$" ? JsonPath.Root : $"$.{wrong.Field}", wrong.Reason);
    }
}
