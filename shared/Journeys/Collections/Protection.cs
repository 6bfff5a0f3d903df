using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>What protects a customer: it outranks everything that a policy, a plan or an agent would do.</summary>
/// <param name="Legal">Flags by which the law defers or stops the debt: nothing is agreed, pursued or enforced, and nothing bears interest where it is suspended.</param>
/// <param name="Personal">Flags of a customer who is not to be pressed: only a person agrees anything with them.</param>
/// <param name="Contact">Flags that forbid the contact alone.</param>
public sealed record Protection(IReadOnlyList<string> Legal, IReadOnlyList<string> Personal, IReadOnlyList<string> Contact)
{
    private static readonly string[] LegalFlags = ["deceased", "moratorium", "breathingSpace", "litigation"], PersonalFlags = ["hardship", "vulnerable"],
        ContactFlags = ["ceaseRequest", "representedByAttorney"];

    public static Protection Of(Profile? profile) => new(Set(profile, LegalFlags), Set(profile, PersonalFlags), Set(profile, ContactFlags));

    /// <summary>Whether interest, fees and enforcement stop.</summary>
    public bool StopsInterest => Legal.Any(FlagPeriod.Suspending.Contains);

    public bool StopsEnforcement => Legal.Count > 0 || Personal.Count > 0;

    public bool StopsPursuit => Legal.Count > 0 || Personal.Count > 0 || Contact.Count > 0;

    public IEnumerable<string> All => [.. Legal, .. Personal, .. Contact];

    private static List<string> Set(Profile? profile, string[] flags) => [.. flags.Where(flag => profile?.Has(flag) == true)];
}
