using System.Globalization;
using Azure;

namespace ServerlessCLM.Emulator;

public partial class TableClient
{
    const int MaxPageSize = 1000;

    /// <summary>One row, or of it the selected properties.</summary>
    /// <exception cref="RequestFailedException">404 ResourceNotFound or TableNotFound.</exception>
    public virtual async Task<Response<T>> GetEntityAsync<T>(string partitionKey, string rowKey, IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default) where T : class, ITableEntity
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        var selected = SetOf(select);
        var row = await Backend.ReadAsync(Name, partitionKey, rowKey, selected, cancellationToken)
            ?? throw TableErrors.ResourceNotFound(partitionKey, rowKey);
        return Response.FromValue(EntityMapping.Decode<T>(row, selected), new VersionedResponse(200, "OK", row.ETag));
    }

    /// <summary>One row, or of it the selected properties; without a value when it, or its table, does not exist.</summary>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey,
        IEnumerable<string>? select = null, CancellationToken cancellationToken = default) where T : class, ITableEntity
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        var selected = SetOf(select);
        StoredRow? row;
        try
        {
            row = await Backend.ReadAsync(Name, partitionKey, rowKey, selected, cancellationToken);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            row = null;
        }
        return row is { } found
            ? Response.FromValue(EntityMapping.Decode<T>(found, selected), new VersionedResponse(200, "OK", found.ETag))
            : new AbsentResponse<T>(new StorageResponse(404, "Not Found"));
    }

    /// <summary>The rows that match an OData filter (null for all), in the ordinal order of PartitionKey and RowKey.</summary>
    /// <param name="filter">Comparisons (eq ne gt ge lt le) of a property with a literal, joined by and, or, not.</param>
    /// <param name="maxPerPage">1 to 1,000, the default.</param>
    /// <param name="select">The properties wanted; null for all.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="RequestFailedException">400 InvalidInput naming the position in the filter; 404 TableNotFound.</exception>
    public virtual AsyncPageable<T> QueryAsync<T>(string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default) where T : class, ITableEntity
    {
        var selected = SetOf(select);
        return new StoragePageable<T>(async (continuation, hint, cancellation) =>
        {
            var page = await Backend.QueryAsync(Name, filter, selected, continuation, PageSize(hint ?? maxPerPage), cancellation);
            var entities = new T[page.Rows.Count];
            for (var i = 0; i < entities.Length; i++) entities[i] = EntityMapping.Decode<T>(page.Rows[i], selected);
            return Page<T>.FromValues(entities, page.Continuation, new StorageResponse(200, "OK"));
        }, cancellationToken);
    }

    /// <summary>An OData filter with the arguments of an interpolated string quoted and escaped as literals.</summary>
    /// <exception cref="ArgumentException">An argument is of a type that a table cannot hold.</exception>
    public static string CreateQueryFilter(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var literals = new object[filter.ArgumentCount];
        for (var i = 0; i < literals.Length; i++) literals[i] = Literal(filter.GetArgument(i));
        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    internal static int PageSize(int? wanted) => wanted switch
    {
        null => MaxPageSize,
        >= 1 and <= MaxPageSize => wanted.Value,
        _ => throw TableErrors.InvalidInput($"A page holds 1 to {MaxPageSize} items, not {wanted}."),
    };

    static HashSet<string>? SetOf(IEnumerable<string>? select) => select is null ? null : new HashSet<string>(select);

    static string Literal(object? value) => value switch
    {
        string text => Quoted(text),
        char letter => Quoted(letter.ToString()),
        bool flag => flag ? "true" : "false",
        byte or short or int => Convert.ToInt32(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        long number => string.Create(CultureInfo.InvariantCulture, $"{number}L"),
        float or double => LiteralOf(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        Guid guid => $"guid'{guid:D}'",
        DateTimeOffset instant => $"datetime'{instant.UtcDateTime:O}'",
        DateTime instant => $"datetime'{EntityCodec.ToUtc(instant).UtcDateTime:O}'",
        byte[] bytes => $"X'{Convert.ToHexStringLower(bytes)}'",
        BinaryData data => $"X'{Convert.ToHexStringLower(data.ToMemory().Span)}'",
        null => throw new ArgumentException("A filter cannot compare with null: a table stores no nulls.", nameof(value)),
        _ => throw new ArgumentException($"A filter cannot compare with a {value.GetType().Name}.", nameof(value)),
    };

    /// <summary>A double with a point or an exponent, so that it is not read back as an integer.</summary>
    static string LiteralOf(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.All(character => char.IsAsciiDigit(character) || character == '-') ? text + ".0" : text;
    }

    static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
