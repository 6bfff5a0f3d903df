using System.Diagnostics.CodeAnalysis;

namespace ServerlessCLM.Emulator;

/// <summary>Runs the function for HTTP requests of a route and some methods.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
[SuppressMessage("Design", "MA0015", Justification = "The overloads are those of the package.")]
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    public HttpTriggerAttribute()
    {
    }

    public HttpTriggerAttribute(params string[] methods) => Methods = methods;

    public HttpTriggerAttribute(AuthorizationLevel authLevel) => AuthLevel = authLevel;

    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>The route template below the route prefix; the function's name when null.</summary>
    public string? Route { get; set; }

    /// <summary>The methods answered; all when null or empty.</summary>
    public string[]? Methods { get; }

    /// <summary>Which key a request must bring.</summary>
    public AuthorizationLevel AuthLevel { get; } = AuthorizationLevel.Function;
}

/// <summary>Binds a parameter of an HTTP function to the request's JSON body.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Interface | AttributeTargets.Parameter)]
public sealed class FromBodyAttribute : Attribute;
