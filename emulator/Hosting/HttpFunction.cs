using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;

namespace ServerlessCLM.Emulator;

/// <summary>An HTTP function with its route, and how its parameters are read from a request.</summary>
internal sealed class HttpFunction
{
    readonly List<(string Name, Type Type, TextValue.Reader Read)> routeValues = [];
    readonly ParameterInfo? body;
    readonly JsonSerializerOptions json;

    HttpFunction(FunctionDescriptor function, HttpTriggerAttribute trigger, RoutePattern pattern, JsonSerializerOptions json)
    {
        Function = function;
        Trigger = trigger;
        Pattern = pattern;
        Methods = [.. (trigger.Methods ?? []).Select(method => method.ToUpperInvariant())];
        this.json = json;
        foreach (var parameter in function.Method.GetParameters())
        {
            if (parameter.IsDefined(typeof(FromBodyAttribute)))
                body = body is null ? parameter : throw Wrong($"has two parameters for the body, '{body.Name}' and '{parameter.Name}'");
            else if (IsNamed(parameter))
                routeValues.Add(RouteValue(parameter));
        }
    }

    public FunctionDescriptor Function { get; }

    public HttpTriggerAttribute Trigger { get; }

    public RoutePattern Pattern { get; }

    /// <summary>Upper case; empty for all.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>What no other function may have: each method with the route, its parameters unnamed.</summary>
    public IEnumerable<string> Places
    {
        get
        {
            var shape = string.Join('/', Pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part =>
                part is RoutePatternLiteralPart literal ? literal.Content : part is RoutePatternParameterPart named ? $"{{{Constraints(named)}}}" : "?"))));
            return (Methods.Count == 0 ? ["*"] : Methods).Select(method => $"{method} {shape}");
        }
    }

    /// <exception cref="FunctionsStartupException">The route cannot be read, or a parameter has no source.</exception>
    public static HttpFunction Of(FunctionDescriptor function, HttpTriggerAttribute trigger, string prefix, JsonSerializerOptions json)
    {
        var route = (trigger.Route ?? function.Name).Trim('/');
        if (!function.TriggerParameter.ParameterType.IsAssignableFrom(typeof(HttpRequest)))
            throw new FunctionsStartupException($"Function '{function.Name}': parameter '{function.TriggerParameter.Name}' has an HTTP trigger and must be an HttpRequest.");
        try
        {
            var pattern = RoutePatternFactory.Parse(prefix.Length == 0 ? "/" + route : $"/{prefix}/{route}");
            if (pattern.PathSegments is [{ Parts: [RoutePatternLiteralPart { Content: var first }] }, ..] && first.Equals("admin", StringComparison.OrdinalIgnoreCase))
                throw new FunctionsStartupException($"Function '{function.Name}': the route '{pattern.RawText}' begins with 'admin', which is the host's own.");
            return new(function, trigger, pattern, json);
        }
        catch (RoutePatternException wrong)
        {
            throw new FunctionsStartupException($"Function '{function.Name}': the route '{route}' cannot be read: {wrong.Message}", wrong);
        }
    }

    /// <summary>The parameters' values by name; null when one could not be read and the request has been answered.</summary>
    public async ValueTask<IReadOnlyDictionary<string, object>?> ReadAsync(HttpContext http)
    {
        var values = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, given) in http.Request.RouteValues)
        {
            if (given is not null)
                values[name] = given;
        }

        foreach (var (name, type, read) in routeValues)
        {
            if (!values.TryGetValue(name, out var given))
                continue;
            if (read((string)given) is not { } value)
            {
                await HttpProblem.WriteAsync(http, 400, "A value in the route cannot be read.", $"{name}: '{given}' is not {TextValue.NameOf(type)}.");
                return null;
            }

            values[name] = value;
        }

        return body is null || await ReadBodyAsync(http, body, values) ? values : null;
    }

    async ValueTask<bool> ReadBodyAsync(HttpContext http, ParameterInfo parameter, Dictionary<string, object> values)
    {
        if (parameter.HasDefaultValue && http.Request.ContentLength is 0 or null && !http.Request.Headers.ContainsKey("Transfer-Encoding"))
            return true;
        string reason;
        try
        {
            if (await JsonSerializer.DeserializeAsync(http.Request.Body, parameter.ParameterType, json, http.RequestAborted) is { } value)
            {
                values[parameter.Name!] = value;
                return true;
            }

            reason = "$: it is null.";
        }
        catch (JsonException wrong)
        {
            // The message repeats the path at its end, and counts lines from 0 there.
            var end = wrong.Message.IndexOf(" Path: ", StringComparison.Ordinal);
            reason = $"{wrong.Path ?? "$"}: {(end < 0 ? wrong.Message : wrong.Message[..end])}";
        }

        await HttpProblem.WriteAsync(http, 400, "The body cannot be read.", reason);
        return false;
    }

    bool IsNamed(ParameterInfo parameter) =>
        !Function.IsTrigger(parameter)
        && parameter.ParameterType != typeof(FunctionContext)
        && parameter.ParameterType != typeof(CancellationToken)
        && !parameter.IsDefined(typeof(InputBindingAttribute));

    (string Name, Type Type, TextValue.Reader Read) RouteValue(ParameterInfo parameter)
    {
        if (Pattern.GetParameter(parameter.Name!) is null)
            throw Wrong($"parameter '{parameter.Name}' is neither in the route '{Pattern.RawText}' nor marked [FromBody]");
        return TextValue.ReaderFor(parameter.ParameterType) is { } read
            ? (parameter.Name!, parameter.ParameterType, read)
            : throw Wrong($"parameter '{parameter.Name}' is in the route, but a {parameter.ParameterType.Name} cannot be read from text");
    }

    FunctionsStartupException Wrong(string reason) => new($"Function '{Function.Name}': {reason}.");

    static string Constraints(RoutePatternParameterPart part) =>
        (part.IsCatchAll ? "**" : "") + string.Join(':', part.ParameterPolicies.Select(policy => policy.Content));
}
