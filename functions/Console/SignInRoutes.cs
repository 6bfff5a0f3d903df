using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;

namespace ServerlessCLM.Functions.Console;

/// <summary>How people sign in to the console, and who somebody is to the product.</summary>
public sealed class SignInRoutes(SignInOptions options, Principals principals, ProductOptions product)
{
    [Function("GetSignIn")]
    public IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sign-in")] HttpRequest request)
    {
        _ = request;
        return JsonAnswer.Of(options.Authority is null
            ? new JsonObject { ["mode"] = "key" }
            : new JsonObject { ["mode"] = "entra", ["authority"] = options.Authority.ToString().TrimEnd('/'), ["clientId"] = options.ClientId, ["scope"] = options.Scope });
    }

    /// <remarks>The host asks for a function key before any function runs; this one gives it to who has a role by their token.</remarks>
    [Function("SignIn")]
    public async Task<IResult> SignInAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sign-in")] HttpRequest request)
    {
        if (options.ConsoleKey is not { } key)
            return Problems.NotFound("people sign in with a function key here, not with an access token");

        var (caller, problem) = await principals.FindByTokenAsync(request)
            ?? (null, Problems.Unauthenticated("the header Authorization must have a bearer token"));
        if (caller is null)
            return problem!;

        if (caller.Roles == Roles.None)
            return Problems.Forbidden(Roles.All, caller.Roles);

        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return JsonAnswer.Of(new JsonObject { ["key"] = key });
    }

    [Function("GetMe")]
    public IResult GetMe([HttpTrigger(AuthorizationLevel.Function, "get", Route = "me")] HttpRequest request)
    {
        var caller = Caller.Of(request.HttpContext)!;
        return JsonAnswer.Of(new JsonObject
        {
            ["name"] = caller.Name,
            ["roles"] = Names(caller.Roles),
            ["tenant"] = product.Tenant,
            ["operations"] = new JsonObject(AccessTable.Functions.Where(function => !AccessTable.IsOpen(function)).Order(StringComparer.Ordinal)
                .Select(function => KeyValuePair.Create(function, (JsonNode?)Names(AccessTable.Allowed(function))))),
        });
    }

    private static JsonArray Names(Roles roles) => new([.. Enum.GetValues<Roles>()
        .Where(role => int.IsPow2((int)role) && roles.HasFlag(role)).Select(role => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(role.ToString()))]);
}
