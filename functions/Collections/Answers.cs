using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Journeys.Collections;

namespace ServerlessCLM.Functions.Collections;

/// <summary>What the routes of collections have in common.</summary>
internal static class Answers
{
    public static async Task<IResult> OnAsync(CustomerReference names, string customerId, Func<CustomerId, Task<IResult>> answer) =>
        names.TryResolve(customerId, out var customer) ? await TakenAsync(() => answer(customer)) : Problems.Invalid("customerId", CustomerId.Rule);

    /// <summary>The answer, or the problem that stands against it.</summary>
    public static async Task<IResult> TakenAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (CollectionsRefusedException refused)
        {
            return Refused(refused);
        }
        catch (CustomerErasedException erased)
        {
            return Problems.NotFound(erased.Message);
        }
        catch (CustomerConflictException busy)
        {
            return Problems.Conflict(busy.Message);
        }
    }

    public static IResult Refused(CollectionsRefusedException refused)
    {
        var (status, title) = refused.Refusal switch
        {
            CollectionsRefusal.NotFound => (StatusCodes.Status404NotFound, "Not found"),
            CollectionsRefusal.Stale => (StatusCodes.Status412PreconditionFailed, "The version is stale"),
            CollectionsRefusal.Forbidden => (StatusCodes.Status403Forbidden, "Four eyes are needed"),
            CollectionsRefusal.Conflict => (StatusCodes.Status409Conflict, "Conflict"),
            _ => (StatusCodes.Status400BadRequest, "The request cannot be taken"),
        };
        return Results.Problem(detail: refused.Message, statusCode: status, title: title,
            extensions: new Dictionary<string, object?> { ["field"] = refused.Field, ["reason"] = refused.Reason });
    }

    /// <summary>What a request comes of: its <c>Idempotency-Key</c>, or without one itself and the instant.</summary>
    public static string CauseOf(HttpRequest request, JsonObject? body, DateTimeOffset now) => request.Headers["Idempotency-Key"].ToString() is { Length: > 0 and <= Requests.MaxKeyLength } key
        ? $"key {key}"
        : string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks} {body?.ToJsonString()}");

    /// <summary>The version of <c>If-Match</c>: null for any, or the problem with it.</summary>
    public static bool TryVersion(HttpRequest request, out int? version, out IResult? problem)
    {
        (version, problem) = (null, null);
        if (request.Headers.IfMatch.ToString() is not { Length: > 0 } match || match == "*")
            return true;

        if (int.TryParse(match.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var given))
            version = given;
        else
            problem = Problems.Invalid("If-Match", "must be a version in quotes, like \"3\"");
        return problem is null;
    }

    public static string? Text(JsonObject body, string name) =>
        body[name] is { } node && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>An amount as a number or text with at most two decimals.</summary>
    /// <returns>False where it is there and none.</returns>
    public static bool TryAmount(JsonObject body, string name, out decimal? amount)
    {
        amount = null;
        if (body[name] is not { } node)
            return true;

        decimal value = 0;
        var known = node.GetValueKind() switch
        {
            JsonValueKind.Number => node.AsValue().TryGetValue(out value),
            JsonValueKind.String => decimal.TryParse(node.GetValue<string>(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
        if (!known || value is < 0 or > 1_000_000_000m || decimal.Round(value, 2) != value)
            return false;

        amount = value;
        return true;
    }

    public const string AmountRule = "must be an amount from 0 to 1000000000 with at most two decimals, like \"25.00\"";

    public static bool TryDate(JsonObject body, string name, out DateOnly date) =>
        DateOnly.TryParseExact(Text(body, name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    /// <summary>A whole number in a range; null where it is not there.</summary>
    /// <returns>False where it is there and none.</returns>
    public static bool TryWhole(JsonObject body, string name, int least, int most, out int? number)
    {
        number = null;
        if (body[name] is not { } node)
            return true;

        if (node.GetValueKind() != JsonValueKind.Number || !node.AsValue().TryGetValue(out int value) || value < least || value > most)
            return false;

        number = value;
        return true;
    }

    public static IResult Case(HttpRequest request, CustomerId customer, CollectionsCase @case)
    {
        request.HttpContext.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{@case.Version}\"");
        return JsonAnswer.Of(DebtView.Of(customer, @case));
    }
}
