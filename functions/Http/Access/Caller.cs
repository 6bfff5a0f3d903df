using Microsoft.AspNetCore.Http;

namespace ServerlessCLM.Functions.Http;

/// <summary>Who makes a request.</summary>
/// <param name="Name">The principal; null when only a key came, which names nobody.</param>
/// <param name="Roles">What the principal is to the bank.</param>
public sealed record Caller(string? Name, Roles Roles)
{
    /// <summary>Letters of a name at the most.</summary>
    public const int MaxName = 200;

    /// <summary>Who was found to make a request; null before anybody looked.</summary>
    internal static Caller? Of(HttpContext http) => http.Items[typeof(Caller)] as Caller;

    internal void Keep(HttpContext http) => http.Items[typeof(Caller)] = this;

    /// <summary>Roles by their names; names that are none of ours are other applications'.</summary>
    internal static Roles RolesOf(IEnumerable<string> names) => names.Aggregate(Roles.None, (roles, name) =>
        name.All(char.IsAsciiLetter) && Enum.TryParse<Roles>(name, ignoreCase: true, out var role) && role is not (Roles.None or Roles.All) ? roles | role : roles);

    /// <summary>Whether a name can stand in a record.</summary>
    internal static bool IsName(string name) => name.Length is > 0 and <= MaxName && !name.Any(char.IsControl);
}
