namespace ServerlessCLM.Tests.Http;

public sealed class RouteTests
{
    /// <summary>
    /// The Functions host tries routes in the order of the functions' names, whatever is fixed in them (azure-functions-host, 9876): a fixed address
    /// that another route takes too answers as that other one, or as itself, by the accident of a name.
    /// </summary>
    [Fact]
    public void No_fixed_address_is_that_of_a_route_with_parameters_too()
    {
        var routes = AccessTableTests.HttpFunctions
            .SelectMany(function => (function.Trigger.Methods ?? []).Select(verb => (Verb: verb, Parts: (function.Trigger.Route ?? function.Name).Split('/'))))
            .ToList();
        Assert.True(routes.Count > 50, $"{routes.Count} routes were found");

        var taken = from narrow in routes
                    from wide in routes
                    where narrow.Verb == wide.Verb && narrow.Parts.Length == wide.Parts.Length && !narrow.Parts.SequenceEqual(wide.Parts)
                        && narrow.Parts.Zip(wide.Parts).All(pair => IsParameter(pair.Second) || pair.First == pair.Second)
                        && narrow.Parts.Zip(wide.Parts).Any(pair => IsParameter(pair.Second) && !IsParameter(pair.First))
                    select $"{narrow.Verb} {string.Join('/', narrow.Parts)} is also {string.Join('/', wide.Parts)}";
        Assert.Empty(taken);
    }

    private static bool IsParameter(string part) => part.StartsWith('{');
}
