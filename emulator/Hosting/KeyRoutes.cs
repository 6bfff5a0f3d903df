using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ServerlessCLM.Emulator;

/// <summary>The real host's routes for its keys: <c>GET</c>, <c>PUT</c> (a given value), <c>POST</c> (a generated one) and <c>DELETE</c>, with the master key.</summary>
internal sealed class KeyRoutes(HostKeys keys)
{
    const string Functions = "/admin/host/functionkeys";
    const string Master = "/admin/host/systemkeys/_master";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Functions, http => AnswerAsync(http, _ => Results.Json(new { keys = keys.FunctionKeys.Select(key => new Key(key.Key, key.Value)) })));
        routes.MapGet(Functions + "/{name}", http => AnswerAsync(http, _ => Get(http)));
        routes.MapPost(Functions + "/{name}", http => AnswerAsync(http, value => Set(Name(http), value)));
        routes.MapPut(Functions + "/{name}", http => AnswerAsync(http, value => Set(Name(http), value)));
        routes.MapDelete(Functions + "/{name}", http => AnswerAsync(http, _ => keys.Remove(Name(http)) ? Results.NoContent() : Unknown(http)));
        routes.MapPost(Master, http => AnswerAsync(http, SetMaster));
        routes.MapPut(Master, http => AnswerAsync(http, SetMaster));
    }

    /// <param name="http">The request.</param>
    /// <param name="answer">Makes the answer, given the value that a PUT brings and other methods do not.</param>
    async Task AnswerAsync(HttpContext http, Func<string?, IResult> answer)
    {
        if (!await HttpProblem.AuthorizeAsync(http, keys, AuthorizationLevel.Admin))
            return;
        try
        {
            http.Response.Headers.CacheControl = "no-store";
            await answer(HttpMethods.IsPut(http.Request.Method) ? await ValueAsync(http) : null).ExecuteAsync(http);
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            await HttpProblem.WriteAsync(http, 400, "The key cannot be set.", wrong is JsonException ? "$: send {\"value\": \"...\"}." : $"{wrong.Message}.");
        }
        catch (InvalidOperationException held)
        {
            await HttpProblem.WriteAsync(http, 409, "The key cannot be changed.", $"{held.Message}.");
        }
    }

    IResult Get(HttpContext http) =>
        keys.FunctionKeys.TryGetValue(Name(http), out var value) ? Results.Json(new Key(Name(http), value)) : Unknown(http);

    IResult SetMaster(string? value) => Results.Json(new Key("_master", keys.SetMaster(value)));

    IResult Set(string name, string? value)
    {
        var (kept, created) = keys.Set(name, value);
        return Results.Json(new Key(name, kept), statusCode: created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    static async Task<string> ValueAsync(HttpContext http) =>
        (await JsonSerializer.DeserializeAsync<Given>(http.Request.Body, JsonSerializerOptions.Web, http.RequestAborted))?.Value
        ?? throw new FormatException("value: it is missing; POST generates one");

    static IResult Unknown(HttpContext http) => Results.Problem($"There is no function key '{Name(http)}'.", http.Request.Path, 404, "There is no such key.");

    static string Name(HttpContext http) => (string)http.Request.RouteValues["name"]!;

    sealed record Key(string Name, string Value);

    sealed record Given(string? Value);
}
