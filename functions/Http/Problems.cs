using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Functions.Http;

/// <summary>Errors as RFC 9457 problem details that name the field and the reason.</summary>
internal static class Problems
{
    public static IResult Invalid(string field, string reason, int status = StatusCodes.Status400BadRequest) =>
        Results.Problem(detail: $"{field}: {reason}", statusCode: status, title: "The request cannot be taken",
            extensions: new Dictionary<string, object?> { ["field"] = field, ["reason"] = reason });

    public static IResult Invalid(Rejection rejection, int status = StatusCodes.Status400BadRequest) => Invalid(rejection.Field, rejection.Reason, status);

    public static IResult NotFound(string detail) =>
        Results.Problem(detail: detail, statusCode: StatusCodes.Status404NotFound, title: "Not found");

    public static IResult Conflict(string detail) =>
        Results.Problem(detail: detail, statusCode: StatusCodes.Status409Conflict, title: "Conflict");

    public static IResult Stale(string detail) =>
        Results.Problem(detail: detail, statusCode: StatusCodes.Status412PreconditionFailed, title: "The version is stale");

    /// <summary>Who makes the request is not known.</summary>
    public static IResult Unauthenticated(string detail) =>
        Results.Problem(detail: detail, statusCode: StatusCodes.Status401Unauthorized, title: "Who makes the request is not known");

    /// <summary>Who makes the request is known, and may not make it.</summary>
    public static IResult Forbidden(Roles allowed, Roles given)
    {
        var detail = allowed == Roles.None
            ? "this operation has no entry in the table of roles, so nobody may call it"
            : $"this operation is for {Names(allowed)}; the caller is {(given == Roles.None ? "none of these" : Names(given))}";
        return Results.Problem(detail: detail, statusCode: StatusCodes.Status403Forbidden, title: "The caller may not do this");

        static string Names(Roles roles) => string.Join(" or ", Enum.GetValues<Roles>()
            .Where(role => int.IsPow2((int)role) && roles.HasFlag(role)).Select(role => JsonNamingPolicy.CamelCase.ConvertName(role.ToString())));
    }

    /// <summary>The caller has made more requests than are a caller's share.</summary>
    public static IResult TooMany(string detail) =>
        Results.Problem(detail: detail, statusCode: StatusCodes.Status429TooManyRequests, title: "Too many requests");

    /// <summary>A document that has errors, all of them.</summary>
    public static IResult Invalid(IReadOnlyList<Finding> findings)
    {
        var first = findings.First(finding => !finding.IsWarning);
        return Results.Problem(detail: $"{first.Path}: {first.Reason}", statusCode: StatusCodes.Status400BadRequest, title: "The document has errors",
            extensions: new Dictionary<string, object?> { ["field"] = first.Path, ["reason"] = first.Reason, ["findings"] = findings });
    }

    /// <summary>A step on a document that its state does not allow.</summary>
    public static IResult Refused(DocumentRefusedException refused)
    {
        var (status, title) = refused.Refusal switch
        {
            DocumentRefusal.NotFound => (StatusCodes.Status404NotFound, "Not found"),
            DocumentRefusal.Stale => (StatusCodes.Status412PreconditionFailed, "The version is stale"),
            DocumentRefusal.SamePrincipal => (StatusCodes.Status403Forbidden, "Four eyes are needed"),
            _ => (StatusCodes.Status409Conflict, "Conflict"),
        };
        return Results.Problem(detail: $"{refused.Field}: {refused.Reason}", statusCode: status, title: title,
            extensions: new Dictionary<string, object?> { ["field"] = refused.Field, ["reason"] = refused.Reason });
    }
}
