namespace ServerlessCLM.Functions.Http;

/// <summary>What a caller is to the bank: the app roles of its registration in Entra ID, in lower case there.</summary>
[Flags]
public enum Roles
{
    None = 0,

    /// <summary>Looks at customers, models and results; writes and submits documents.</summary>
    Analyst = 1,

    /// <summary>The second pair of eyes: approves documents, messages and models.</summary>
    Approver = 2,

    /// <summary>Reads everything that was recorded and proves it; changes nothing.</summary>
    Auditor = 4,

    /// <summary>Serves customers: conversations, reviews, cases.</summary>
    Agent = 8,

    /// <summary>Another system of the bank: brings events and asks for decisions.</summary>
    Service = 16,

    /// <summary>Runs the product: dead letters, switches, erasure.</summary>
    Administrator = 32,

    All = Analyst | Approver | Auditor | Agent | Service | Administrator,
}
