using Azure;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>The contract over the REST protocol, against Azurite.</summary>
public sealed class TablesOnAzurite(Azurite azurite) : TableContract
{
    const string CodeOfKeys = "Azurite has one code for what is wrong with a key; Azure's are KeyValueTooLarge and OutOfRangeInput";
    const string NoNames = "Azurite does not look at property names";
    const string NoCode = "Azurite refuses the table's name without an error code";
    const string Lenient = "Azurite reads what it cannot parse as a name or a value that no row has";

    /// <summary>Where Azurite 3.37.0 differs from Azure as documented (table-service-error-codes, understanding-the-table-service-data-model,
    /// querying-tables-and-entities): what is asked, Azure's answer, Azurite's answer, and why.</summary>
    static readonly (string Question, string Azure, string Azurite, string Why)[] Deviations =
    [
        (nameof(A_key_with_a_forbidden_character_is_refused), "400 OutOfRangeInput", "400 InvalidInput", CodeOfKeys),
        (nameof(A_key_takes_512_characters_and_not_one_more), "400 KeyValueTooLarge", "400 InvalidInput", CodeOfKeys),
        (nameof(TransactionRefused), "400 OutOfRangeInput at 1", "400 InvalidInput at 1", CodeOfKeys),
        (nameof(A_property_name_is_an_identifier), "400 PropertyNameInvalid", "accepted", NoNames),
        (nameof(A_property_name_takes_255_characters_and_not_one_more), "400 PropertyNameTooLong", "accepted", NoNames),
        (nameof(An_entity_takes_252_properties_and_not_one_more), "400 TooManyProperties", "accepted", "Azurite does not count properties"),
        ("a slash in the address", "400 OutOfRangeInput", "500", "Azurite takes what follows for the rest of the address"),
        ("a merge that grows", "400 EntityTooLarge", "accepted", "Azurite measures the request, not what a merge makes of the entity"),
        (nameof(An_instant_before_1601_is_refused), "400 OutOfRangeInput", "accepted", "Azurite does not look at the year"),
        (nameof(A_table_name_is_3_to_63_letters_and_digits), "400 OutOfRangeInput", "400", NoCode),
        (nameof(A_table_name_is_3_to_63_letters_and_digits), "400 InvalidResourceName", "400", NoCode),
        (nameof(A_stale_etag_is_412_on_update_and_delete), "400 InvalidInput", "400 InvalidOperation", "Azurite has a code of its own for a malformed ETag"),
        (nameof(TransactionRefused), "400 CommandsInBatchActOnDifferentPartitions at 1", "accepted", "Azurite does not compare the partitions"),
        (nameof(TransactionRefused), "400 InvalidInput at 99", "400 InvalidInput at 0", "Azurite counts the actions before it looks at the first"),
        ("Int eq 42L", "1 row", "500", "Azurite fails to compare Int32 with a long literal"),
        ("Ratio gt 0.25 and Ratio le 5e-1", "1 row", "0 rows", "Azurite does not read exponents"),
        ("At lt datetime'2026-03-01T10:30:00.0000001Z'", "1 row", "0 rows", "Azurite compares instants to the millisecond"),
        ("Int ne 'x'", "0 rows", "1 row", "Azurite takes values of different types for unequal"),
        ("no literal", "400 InvalidInput", "accepted", Lenient),
        ("open quote", "400 InvalidInput", "accepted", Lenient),
        ("bad instant", "400 InvalidInput", "accepted", Lenient),
        ("bad hex", "400 InvalidInput", "accepted", Lenient),
        ("bad number", "400 InvalidInput", "accepted", Lenient),
        ("empty", "400 InvalidInput", "accepted", "an empty filter in the address is none"),
    ];

    protected override async Task<TableServiceClient> OpenAsync()
    {
        // What Azurite answers with 500 once it answers so again.
        var options = new StorageClientOptions { Retry = { MaxRetries = 0 } };
        return new TableServiceClient(new RestTables(StorageAccount.Parse(await azurite.NewAccountAsync()), options));
    }

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;

    protected override string AnswerTo(string question, string expected) =>
        Deviations.FirstOrDefault(deviation => deviation.Question == question && deviation.Azure == expected).Azurite ?? expected;

    protected override void AssertNames(RequestFailedException error, string cause) => Assert.Contains("'Contract'", error.Message, StringComparison.Ordinal);

    /// <summary>Node's HTTP server takes no address over 16 KiB.</summary>
    protected override int TooDeep => 1_000;

    /// <summary>Azurite compares a property with literals of its own type only.</summary>
    protected override string[] SuffixesFor(string property) => property switch
    {
        "Int" => [""],
        "Long" => ["L"],
        _ => [".0"],
    };
}
