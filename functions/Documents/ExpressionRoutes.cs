using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Journeys;
using ServerlessCLM.Models;

namespace ServerlessCLM.Functions.Documents;

/// <summary>For those who write conditions and amounts: the names there are, and what an expression is and says of a sample customer.</summary>
public sealed class ExpressionRoutes(CustomerStore store, LiveModels models, CustomerReference customers, TimeProvider time)
{
    private const int MostText = 1000;
    private const string PlaceRule = "must be strategy or journey", UseRule = "must be any, condition or amount";

    /// <remarks><c>?place=</c> strategy or journey.</remarks>
    [Function("ListExpressionNames")]
    public IResult ListNames([HttpTrigger(AuthorizationLevel.Function, "get", Route = "expressions/names")] HttpRequest request)
    {
        var place = request.Query["place"].ToString();
        if (VocabularyOf(place) is not { } vocabulary)
            return Problems.Invalid("place", PlaceRule);

        return JsonAnswer.Of(new JsonObject
        {
            ["place"] = place,
            ["names"] = new JsonArray([.. vocabulary.Names.Order(StringComparer.Ordinal).Select(name => (JsonNode)Described(vocabulary, name))]),
            ["functions"] = new JsonArray([.. vocabulary.Signatures.OrderBy(function => function.Name, StringComparer.Ordinal)
                .Select(function => (JsonNode)new JsonObject { ["name"] = function.Name, ["signature"] = function.Signature })]),
        });
    }

    /// <remarks>
    /// <c>{"place": "strategy", "expression": "…", "use": "condition", "customerId": "C-1"}</c>; use is any, condition or amount, and like the customer
    /// may be left out. What is wrong with the expression is in the answer; nothing is kept.
    /// </remarks>
    [Function("CheckExpression")]
    public async Task<IResult> CheckAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "expressions/check")] HttpRequest request, CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
        if (problem is not null)
            return problem;

        foreach (var (name, _) in body!)
        {
            if (name is not ("place" or "expression" or "use" or "customerId"))
                return Problems.Invalid(Rejection.Shorten(name, 64), "is not a member of a check; it has place, expression, use and customerId");
        }

        if (VocabularyOf(Text(body, "place")) is not { } vocabulary)
            return Problems.Invalid("place", PlaceRule);
        if (Text(body, "expression") is not { } text)
            return Problems.Invalid("expression", "must be a text");
        if (UseOf(body) is not { } use)
            return Problems.Invalid("use", UseRule);

        DecisionInputs? inputs = null;
        if (body["customerId"] is not null)
        {
            if (Text(body, "customerId") is not { } id || !customers.TryResolve(id, out var customer))
                return Problems.Invalid("customerId", CustomerId.Rule);
            if ((inputs = await InputsAsync(customer, cancellation)) is null)
                return CustomerRoutes.Unknown(customer);
        }

        var check = ExpressionCheck<DecisionInputs>.Of(vocabulary, text, use);
        return JsonAnswer.Of(new JsonObject
        {
            ["findings"] = new JsonArray([.. check.Findings.Select(remark => (JsonNode)new JsonObject
            {
                ["position"] = remark.Finding.Position, ["message"] = remark.Finding.Reason, ["isWarning"] = remark.IsWarning,
            })]),
            ["type"] = check.Expression?.Type.ToString(),
            // What is called is read, too, and has no value of its own.
            ["names"] = new JsonArray([.. (check.Expression?.Names ?? []).Where(name => vocabulary.TypeOf(name) is not null).Select(name =>
            {
                var described = Described(vocabulary, name);
                described["value"] = inputs is null ? null : ValueOf(vocabulary.Compile(name).Evaluate(inputs));
                return (JsonNode)described;
            })]),
            ["value"] = check.Expression is { } expression && inputs is not null ? ValueOf(expression.Evaluate(inputs)) : null,
        });
    }

    private async Task<DecisionInputs?> InputsAsync(CustomerId customer, CancellationToken cancellation)
    {
        var live = await models.GetAsync(cancellation);
        var read = await store.UpdateAsync(
            customer, session => session.Erased is null && session.Exists ? CustomerSnapshot.Of(session, live, time.GetUtcNow()) : null, cancellation, CustomerSnapshot.Rows);
        return read.Result?.Inputs(DecisionVocabulary.Scores);
    }

    private static Vocabulary<DecisionInputs>? VocabularyOf(string? place) => place switch
    {
        "strategy" => DecisionVocabulary.Standard,
        "journey" => JourneyVocabulary.Default,
        _ => null,
    };

    private static ExpressionUse? UseOf(JsonObject body) => body["use"] is null ? ExpressionUse.Any : Text(body, "use") switch
    {
        "any" => ExpressionUse.Any,
        "condition" => ExpressionUse.Condition,
        "amount" => ExpressionUse.Amount,
        _ => null,
    };

    private static JsonObject Described(Vocabulary<DecisionInputs> vocabulary, string name)
    {
        var (unit, meaning) = NameMeanings.Of(name);
        return new JsonObject { ["name"] = name, ["type"] = vocabulary.TypeOf(name)!.ToString(), ["unit"] = unit, ["meaning"] = meaning };
    }

    private static JsonObject ValueOf(in Value value) => new()
    {
        ["state"] = value.Kind switch { ValueKind.Unknown => "unknown", ValueKind.Error => "error", _ => "known" },
        ["text"] = value.IsKnown ? Rejection.Shorten(value.ToString(), MostText) : null,
        ["reason"] = value.Reason,
    };

    private static string? Text(JsonObject body, string name) => body[name]?.GetValueKind() == JsonValueKind.String ? (string)body[name]! : null;
}
