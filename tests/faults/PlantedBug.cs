using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Faults;

/// <summary>A bug put into the product from outside, and the check that finds it.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="FoundBy">The check that must find it; others may too.</param>
/// <param name="Plant">Puts it into a process's services.</param>
internal sealed record PlantedBug(string Name, string FoundBy, Action<IServiceCollection> Plant)
{
    /// <summary>Found while the workload runs: the product refuses what it must grant.</summary>
    public const string Refused = "refusal";

    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        Asking("a commit that ignores the state's ETag", Refused, (table, write) =>
            table == "customers" && write.RowKey == CustomerRows.State && write.Action == TableTransactionActionType.UpdateReplace ? write with { IfMatch = Azure.ETag.All } : write),
        new("a commit that is not one transaction", "AuditVerifies", services => On(services, (_, write) => write, torn: true)),
        Without("an outbox that is not cleared", "EffectsSent", (table, write) => table == "customers" && IsDelete(write) && write.RowKey.StartsWith(CustomerRows.OutboxPrefix, StringComparison.Ordinal)),
        Without("effects that nobody announces", "EffectsSent", (table, write) => table == "intents" && !IsDelete(write)),
        Without("an intent that is not cleared", "EffectsSent", (table, write) => table == "intents" && IsDelete(write)),
        Without("a place in the contact ledger that is not kept with the message", Refused, (table, write) => table == "customers" && write.RowKey == CustomerRows.Contacts),
        Without("a message that nobody is to look at again", "MessagesArrive", (table, write) => table == "messages" && !IsDelete(write) && write.PartitionKey.Contains("|due|", StringComparison.Ordinal)),
        Without("an answer whose id is not kept with the sums it is added to", "LearnedOnce", (table, write) => table == "answers" && write.RowKey.StartsWith("applied|", StringComparison.Ordinal)),
        Without("an audit entry that is skipped", "AuditVerifies", (table, write) => table == "customers" && write.RowKey.StartsWith(CustomerRows.AuditPrefix, StringComparison.Ordinal) && write.RowKey[^1] == '3'),
        Without("a chain that no anchor hears of", "AuditVerifies", (table, write) => table == "audits" && !IsDelete(write)),
        Without("an erasure that leaves the profile", "ErasureHolds", (table, write) => table == "customers" && IsDelete(write) && write.RowKey == CustomerRows.Profile),
        Without("a decision that is answered and not kept", "DecisionsHold", (table, write) => table == "customers" && write.RowKey.StartsWith(CustomerRows.DecisionPrefix, StringComparison.Ordinal)),
        Without("an event that cannot be read and is dropped", "DeadLettersExplained", (table, _) => table == "deadletters"),
        new("a relay that is never run", "EffectsSent", services => services.AddSingleton(
            new FunctionMiddleware(next => context => context.FunctionDefinition.Name == "RelayIntents" ? Task.CompletedTask : next(context)))),
    ];

    public override string ToString() => Name;

    private static bool IsDelete(RowWrite write) => write.Action == TableTransactionActionType.Delete;

    private static PlantedBug Asking(string name, string foundBy, Func<string, RowWrite, RowWrite?> ask) => new(name, foundBy, services => On(services, ask, torn: false));

    private static PlantedBug Without(string name, string foundBy, Func<string, RowWrite, bool> leftOut) =>
        Asking(name, foundBy, (table, write) => leftOut(table, write) ? null : write);

    private static void On(IServiceCollection services, Func<string, RowWrite, RowWrite?> ask, bool torn) =>
        services.AddSingleton(provider => new TableServiceClient(new PlantedTables(provider.GetRequiredService<EmulatorStorage>().Tables.Backend, ask, torn)));
}
