using Azure;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Customers;

public class CustomerStoreTests : ProductTests
{
    private static readonly CustomerId Customer = CustomerId.Parse("C-1");

    [Fact]
    public async Task Parallel_changes_lose_nothing()
    {
        await using var product = await PartsAsync();
        var store = product.Get<CustomerStore>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                var contact = new Contact($"{worker}-{i}", "email", null, Product.Now, "sent");
                for (var done = false; !done;)
                {
                    try
                    {
                        await store.UpdateAsync(Customer, session => Add(session, contact), CancellationToken.None, CustomerRows.Contacts);
                        done = true;
                    }
                    catch (CustomerConflictException)
                    {
                        // Eight at once on one customer may exhaust the attempts; the caller tries again.
                    }
                }
            }
        })));

        var partition = await store.ReadAsync(Customer, CancellationToken.None);
        Assert.Equal(40, partition!.Of(CustomerRows.Contacts).Single()["contacts"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_worker_that_comes_back_late_computes_again()
    {
        await using var product = await PartsAsync();
        var store = product.Get<CustomerStore>();
        await store.UpdateAsync(Customer, session => Add(session, new Contact("a", "email", null, Product.Now, "sent")), CancellationToken.None, CustomerRows.Contacts);
        var runs = 0;

        await store.UpdateAsync(Customer, session =>
        {
            if (runs++ == 0)
            {
#pragma warning disable VSTHRD002 // The other worker is quicker, within this one's computation.
                store.UpdateAsync(Customer, other => Add(other, new Contact("b", "sms", null, Product.Now, "sent")), CancellationToken.None, CustomerRows.Contacts)
                    .GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            }

            return Add(session, new Contact("c", "push", null, Product.Now, "sent"));
        }, CancellationToken.None, CustomerRows.Contacts);

        Assert.Equal(2, runs);
        var partition = await store.ReadAsync(Customer, CancellationToken.None);
        Assert.Equal(["a", "b", "c"], partition!.Of(CustomerRows.Contacts).Single()["contacts"]!.AsArray().Select(contact => (string)contact!["id"]!).Order());
    }

    [Fact]
    public async Task Of_customers_changed_together_only_the_one_whom_another_worker_changed_is_computed_again()
    {
        await using var product = await PartsAsync();
        var store = product.Get<CustomerStore>();
        CustomerId[] customers = [.. Enumerable.Range(1, 5).Select(i => CustomerId.Parse($"C-{i}"))];
        var given = new List<string>();
        var commits = await store.UpdateTogetherAsync<int>(customers, sessions =>
        {
            given.Add(string.Join(' ', sessions.Select(session => session.Customer)));
            if (given.Count == 1)
            {
#pragma warning disable VSTHRD002 // The other worker is quicker, within this one's computation.
                store.UpdateAsync(customers[3], session => PutBlock(session, 7), CancellationToken.None).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            }

            // One customer's session is left as it is.
            return [.. sessions.Select(session => session.Customer == customers[1] ? 0 : PutBlock(session, (byte)(session.Block.Length + 1)))];
        }, CancellationToken.None);

        Assert.Equal(["C-1 C-2 C-3 C-4 C-5", "C-4"], given);
        Assert.Equal([1, 0, 1, 2, 1], commits.Select(commit => commit.Result));
        Assert.Null(await store.ReadAsync(customers[1], CancellationToken.None));
        var changed = await store.ReadAsync(customers[3], CancellationToken.None);
        Assert.Equal([7, 2], changed!.Block!);

        static int PutBlock(CustomerSession session, byte next)
        {
            session.PutBlock([.. session.Block.Span, next]);
            return session.Block.Length;
        }
    }

    [Fact]
    public async Task Nothing_readable_is_stored()
    {
        using var folder = new Emulator.Hosting.TestFolder();
        await using (var product = await PartsAsync(folder.Path))
        {
            await product.Get<CustomerStore>().UpdateAsync(Customer, session =>
            {
                session.Put(CustomerRows.Profile, new Profile(1, new() { ["familyName"] = "Unmistakable-Nováková" }), CustomersJson.Default.Profile);
                return 0;
            }, CancellationToken.None);
        }

        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
            Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("Unmistakable"u8) < 0, file);
    }

    [Fact]
    public async Task Erasures_at_the_same_time_do_not_fail_on_each_others_rows()
    {
        await using var product = await Product.PartsAsync();
        var store = product.Get<CustomerStore>();
        for (var from = 0; from < 250; from += 50)
        {
            await store.UpdateAsync(Customer, session =>
            {
                session.PutBlock([]);
                for (var i = from; i < from + 50; i++)
                    session.Put($"{CustomerRows.LifecyclePrefix}{i:D3}", [(byte)'{', (byte)'}']);
                return 0;
            }, CancellationToken.None);
        }

        var removed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => store.EraseAsync(Customer, CancellationToken.None))));

        Assert.All(removed, rows => Assert.NotNull(rows));
        Assert.NotNull((await store.ReadAsync(Customer, CancellationToken.None))!.Erased);
        await foreach (var row in product.Get<CustomerTables>().Of(Customer).QueryAsync<TableEntity>())
            Assert.True(row.RowKey is CustomerRows.State || row.RowKey == CustomerRows.Audit(1), row.RowKey);
    }

    [Fact]
    public async Task Erasure_removes_every_row_destroys_the_key_and_cannot_be_undone_by_a_slow_worker()
    {
        await using var product = await PartsAsync();
        var store = product.Get<CustomerStore>();
        await store.UpdateAsync(Customer, session => Add(session, new Contact("a", "email", null, Product.Now, "sent")), CancellationToken.None, CustomerRows.Contacts);
        var erased = false;
        await Assert.ThrowsAsync<CustomerErasedException>(() => store.UpdateAsync(Customer, session =>
        {
            if (!erased)
            {
#pragma warning disable VSTHRD002 // The erasure happens within the slow worker's computation.
                store.EraseAsync(Customer, CancellationToken.None).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
                erased = true;
            }

            return Add(session, new Contact("b", "email", null, Product.Now, "sent"));
        }, CancellationToken.None, CustomerRows.Contacts));

        var rows = new List<TableEntity>();
        await foreach (var row in product.Get<CustomerTables>().Of(Customer).QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Customer.PartitionKey("bank")}")))
            rows.Add(row);
        Assert.Equal([CustomerRows.Audit(1), CustomerRows.State], rows.Select(row => row.RowKey));
        Assert.DoesNotContain("Data", rows[0].Keys);
        var mark = rows[1];
        Assert.DoesNotContain("Key", mark.Keys);
        Assert.DoesNotContain("Block", mark.Keys);
    }

    [Fact]
    public async Task Effects_that_a_crash_left_unsent_are_relayed_once_the_intent_is_old_enough()
    {
        await using var product = await PartsAsync();
        // The worker dies after its commit: nobody dispatches.
        await product.Get<CustomerStore>().UpdateAsync(Customer, session => Emit(session, "e-1"), CancellationToken.None);
        var (hubs, outbox) = (product.Get<EventHubsNamespace>(), product.Get<Outbox>());

        Assert.Equal(0, await outbox.RelayAsync(CancellationToken.None));
        product.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(1, await outbox.RelayAsync(CancellationToken.None));
        Assert.Equal(0, await outbox.RelayAsync(CancellationToken.None));
        Assert.Equal(1, hubs.GetLag(EventStreams.SignalsHub, "a-reader"));
        Assert.Empty((await product.Get<CustomerStore>().ReadAsync(Customer, CancellationToken.None))!.Rows);
        Assert.Equal(0, await CountAsync(product.Get<CustomerTables>().Intents.Single()));
    }

    [Fact]
    public async Task What_a_crash_left_is_found_in_the_account_of_each_customer()
    {
        using var folder = new TemporaryFolder();
        var clock = new VirtualClock(Product.Now);
        await using SqliteTables first = new(folder.File("0.db"), clock), second = new(folder.File("1.db"), clock);
        var tables = new CustomerTables([new TableServiceClient(first), new TableServiceClient(second)]);
        await tables.CreateAsync(CancellationToken.None);
        var intents = new IntentIndex(tables, new ProductOptions(), clock);
        List<CustomerId> customers = [.. Enumerable.Range(0, 40).Select(number => CustomerId.Parse($"C-{number}"))];
        foreach (var customer in customers)
            await intents.DeclareAsync(customer.PartitionKey("bank"), "0123456789abcdef", CancellationToken.None);

        foreach (var table in tables.Intents)
            Assert.NotEqual(0, await CountAsync(table));
        clock.Advance(TimeSpan.FromMinutes(3));
        var found = await intents.OverdueAsync(CancellationToken.None).ToListAsync();
        Assert.Equal(customers.Select(customer => customer.Value).Order(), found.Select(intent => intent.Customer.Value).Order());

        await intents.ClearAsync(found.Select(intent => intent.Key), CancellationToken.None);
        foreach (var table in tables.Intents)
            Assert.Equal(0, await CountAsync(table));
    }

    [Fact]
    public async Task A_worker_paused_between_intent_and_commit_is_fenced_off_by_the_relay()
    {
        await using var product = await PartsAsync();
        var store = product.Get<CustomerStore>();
        await store.UpdateAsync(Customer, session => Add(session, new Contact("a", "email", null, Product.Now, "sent")), CancellationToken.None, CustomerRows.Contacts);
        await product.Get<IntentIndex>().DeclareAsync(Customer.PartitionKey("bank"), "0123456789abcdef", CancellationToken.None);
        var before = await ETagAsync(product);
        product.Clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(0, await product.Get<Outbox>().RelayAsync(CancellationToken.None));
        Assert.NotEqual(before, await ETagAsync(product));
        Assert.Equal(0, await CountAsync(product.Get<CustomerTables>().Intents.Single()));
    }

    [Fact]
    public async Task The_intent_of_a_first_commit_is_kept_while_a_worker_may_still_be_at_it()
    {
        await using var product = await PartsAsync();
        await product.Get<IntentIndex>().DeclareAsync(Customer.PartitionKey("bank"), "0123456789abcdef", CancellationToken.None);
        product.Clock.Advance(TimeSpan.FromMinutes(3));
        await product.Get<Outbox>().RelayAsync(CancellationToken.None);
        Assert.Equal(1, await CountAsync(product.Get<CustomerTables>().Intents.Single()));
        product.Clock.Advance(TimeSpan.FromDays(2));
        await product.Get<Outbox>().RelayAsync(CancellationToken.None);
        Assert.Equal(0, await CountAsync(product.Get<CustomerTables>().Intents.Single()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a|b")]
    public void A_customer_id_that_breaks_the_rule_is_refused(string text) => Assert.False(CustomerId.TryParse(text, out _));

    [Fact]
    public void A_customer_id_survives_its_partition_key() =>
        Assert.Equal("C.1_2~3:4@5-6", CustomerId.FromPartitionKey(CustomerId.Parse("C.1_2~3:4@5-6").PartitionKey("bank")).Value);

    private static int Add(CustomerSession session, Contact contact)
    {
        var ledger = session.Get(CustomerRows.Contacts, CustomersJson.Default.ContactLedger) ?? ContactLedger.Empty;
        session.Put(CustomerRows.Contacts, ledger.With(contact), CustomersJson.Default.ContactLedger);
        return 0;
    }

    private static int Emit(CustomerSession session, string id)
    {
        session.Emit(new Effect(id, EventStreams.SignalsHub, "{}"));
        return 0;
    }

    private static async Task<int> CountAsync(TableClient table)
    {
        var count = 0;
        await foreach (var _ in table.QueryAsync<TableEntity>())
            count++;
        return count;
    }

    private static async Task<ETag> ETagAsync(Product product) => (await product.Get<CustomerTables>().Of(Customer)
        .GetEntityAsync<TableEntity>(Customer.PartitionKey("bank"), CustomerRows.State)).Value.ETag;
}

/// <summary>The same over the storage REST protocol.</summary>
public sealed class CustomerStoreOnAzurite(Azurite azurite) : CustomerStoreTests
{
    protected override async Task<string?> NewStorageAsync() => await azurite.NewAccountAsync();
}
