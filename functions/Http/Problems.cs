using Microsoft.AspNetCore.Http;

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
}
