using System.Globalization;

namespace ServerlessCLM.Customers;

/// <summary>The rows of a customer's partition. A prefix ends in <c>|</c>; rows of a kind sort newest first.</summary>
public static class CustomerRows
{
    /// <summary>Feature block, delivery marks and the wrapped key: the row every commit is conditional on.</summary>
    public const string State = "state";

    public const string Profile = "profile";

    /// <summary>What the customer was sent and when.</summary>
    public const string Contacts = "contacts";

    /// <summary>The latest card authorizations.</summary>
    public const string Authorizations = "authorizations";

    /// <summary>The experiments that the customer is in.</summary>
    public const string Experiments = "experiments";

    /// <summary>The latest decisions in short, and the answers to them.</summary>
    public const string Decisions = "decisions";

    /// <summary>Records of decisions: read one by one, so the read of a partition leaves them out.</summary>
    public const string DecisionPrefix = "decision|";

    /// <summary>What was told of decisions: left out likewise.</summary>
    public const string AnsweredPrefix = "answered|";

    /// <summary>The journeys that the customer is in or was.</summary>
    public const string Journeys = "journeys";

    public const string JourneyStepPrefix = "step|";

    /// <summary>Tasks of people for the customer.</summary>
    public const string TaskPrefix = "task|";

    public const string ConsentPrefix = "consent|";
    public const string SignalPrefix = "signal|";
    public const string OutcomePrefix = "outcome|";
    public const string LifecyclePrefix = "lifecycle|";

    /// <summary>Predictions kept until their outcome is known.</summary>
    public const string PredictionPrefix = "prediction|";

    /// <summary>Protected attributes: read for fairness figures, never for a decision or a feature.</summary>
    public const string ProtectedGroups = "protected-groups";

    public const string MessagePrefix = "message|";

    /// <summary>What customers asked the assistant, and what it answered.</summary>
    public const string AssistantPrefix = "assistant|";

    /// <summary>What customers answered, as read.</summary>
    public const string ReplyPrefix = "reply|";

    /// <summary>Messages on their way, and what came of them.</summary>
    public const string DeliveryPrefix = "delivery|";

    public const string OutboxPrefix = "outbox|";
    public const string CreditPrefix = "credit|";
    public const string NoticePrefix = "notice|";
    public const string ReviewPrefix = "review|";

    /// <summary>Debts: what is owed, paid and agreed.</summary>
    public const string DebtPrefix = "debt|";

    /// <summary>What people of the bank are to do about the customer.</summary>
    public const string CasePrefix = "case|";

    /// <summary>Evidence packs of hand-offs.</summary>
    public const string EvidencePrefix = "evidence|";

    /// <summary>Entries of the audit chain: the oldest first, as they are numbered.</summary>
    public const string AuditPrefix = "audit|";

    public static string Consent(string purpose, string channel) => $"{ConsentPrefix}{purpose}|{channel}";

    /// <summary>The first key behind those that start with a prefix.</summary>
    public static string Behind(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);

    /// <summary>A row of something that happened at an instant: newest first, then by id.</summary>
    public static string Dated(string prefix, long at, string id) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{long.MaxValue - at:D19}|{id}");

    public static string Audit(long sequence) => string.Create(CultureInfo.InvariantCulture, $"{AuditPrefix}{sequence:D12}");

    public static string Debt(string id) => DebtPrefix + id;

    public static string Decision(string id) => DecisionPrefix + id;

    /// <summary>What has been told of a decision, beside its record.</summary>
    public static string DecisionOutcomes(string id) => AnsweredPrefix + id;

    /// <summary>Whether a text can be a decision's id: base64url.</summary>
    public static bool IsDecision(string id) => id.Length > 0 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    public static string Case(string id) => CasePrefix + id;

    public static string Evidence(string id) => EvidencePrefix + id;

    public static string Notice(string id) => NoticePrefix + id;

    public static string Review(string id) => ReviewPrefix + id;

    public static string Outbox(string id) => OutboxPrefix + id;
}
