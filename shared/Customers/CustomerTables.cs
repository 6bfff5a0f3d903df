using Azure;

namespace ServerlessCLM.Customers;

/// <summary>
/// The product's tables. Customers spread by hash prefix over one or more storage accounts; the indexes that find work
/// left behind (wakes, audits), dead letters and idempotency keys live in the first; intents and directories are with their customers.
/// </summary>
public sealed class CustomerTables
{
    private readonly TableClient[] _customers;
    private readonly TableClient[] _intents;
    private readonly TableClient[] _directories;

    /// <param name="accounts">Storage accounts in a fixed order; adding one moves customers and needs a migration.</param>
    /// <exception cref="ArgumentException">No account, or more than there are hash prefixes.</exception>
    public CustomerTables(IReadOnlyList<TableServiceClient> accounts)
    {
        if (accounts.Count is 0 or > 256)
            throw new ArgumentException($"1 to 256 storage accounts are needed, not {accounts.Count}", nameof(accounts));

        _customers = [.. accounts.Select(account => account.GetTableClient("customers"))];
        _intents = [.. accounts.Select(account => account.GetTableClient("intents"))];
        _directories = [.. accounts.Select(account => account.GetTableClient("directory"))];
        Wakes = accounts[0].GetTableClient("wakes");
        DeadLetters = accounts[0].GetTableClient("deadletters");
        Requests = accounts[0].GetTableClient("requests");
        Duties = accounts[0].GetTableClient("duties");
        Cases = accounts[0].GetTableClient("cases");
        Experiments = accounts[0].GetTableClient("experiments");
        Budgets = accounts[0].GetTableClient("budgets");
        Answers = accounts[0].GetTableClient("answers");
        Audits = accounts[0].GetTableClient("audits");
        Messages = accounts[0].GetTableClient("messages");
        Journeys = accounts[0].GetTableClient("journeys");
        Figures = accounts[0].GetTableClient("figures");
    }

    /// <summary>Commits that announced effects, in each account those of its customers: one account could not take them all.</summary>
    public IReadOnlyList<TableClient> Intents => _intents;

    public TableClient Wakes { get; }

    public TableClient DeadLetters { get; }

    /// <summary>Answers given under an idempotency key.</summary>
    public TableClient Requests { get; }

    /// <summary>Audit entries that are not anchored yet.</summary>
    public TableClient Audits { get; }

    /// <summary>Cases that wait for people.</summary>
    public TableClient Cases { get; }

    /// <summary>Notices and reviews that are owed.</summary>
    public TableClient Duties { get; }

    /// <summary>Figures of journeys, and how far looks at customers have come.</summary>
    public TableClient Journeys { get; }

    /// <summary>Sums of experiments, and where each stands.</summary>
    public TableClient Experiments { get; }

    public TableClient Of(CustomerId customer) => Of(customer.HashPrefix);

    /// <summary>The table of the customers whose id has a hash prefix.</summary>
    public TableClient Of(byte hashPrefix) => _customers[Account(hashPrefix)];

    /// <summary>Where the intents of a customer are.</summary>
    public TableClient IntentsOf(CustomerId customer) => _intents[Account(customer.HashPrefix)];

    /// <summary>Where the customers whose id has a hash prefix are listed: their table itself has hundreds of rows for each.</summary>
    public TableClient DirectoryOf(byte hashPrefix) => _directories[Account(hashPrefix)];

    private int Account(byte hashPrefix) => hashPrefix * _customers.Length / 256;

    /// <summary>Tokens spent by day, the switch of drafting, and the prices of strategies' budgets.</summary>
    public TableClient Budgets { get; }

    /// <summary>What strategies have learned from outcomes, and what their choices took from budgets.</summary>
    public TableClient Answers { get; }

    /// <summary>Messages that wait for a gateway or a person, those of the embedded outbox, and approved words.</summary>
    public TableClient Messages { get; }

    /// <summary>Customers by stage, and what each instance has counted.</summary>
    public TableClient Figures { get; }

    /// <summary>Creates what is missing.</summary>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        foreach (var table in (TableClient[])[.. _customers, .. _intents, .. _directories, Wakes, DeadLetters, Requests, Duties, Cases, Experiments, Budgets, Answers, Audits, Messages, Journeys, Figures])
            await table.CreateIfNotExistsAsync(cancellation);
    }

    /// <summary>Runs operations of one partition in transactions of at most 100; each transaction is atomic, the whole is not.</summary>
    internal static async Task SubmitAsync(TableClient table, IEnumerable<TableTransactionAction> actions, CancellationToken cancellation)
    {
        foreach (var chunk in actions.Chunk(100))
            await table.SubmitTransactionAsync(chunk, cancellation);
    }

    /// <summary>Deletes a row whatever its version; the client takes one that is gone already for deleted.</summary>
    internal static Task DeleteAsync(TableClient table, string partitionKey, string rowKey, CancellationToken cancellation) =>
        table.DeleteEntityAsync(partitionKey, rowKey, ETag.All, cancellation);
}
