using System.Globalization;
using System.Text;
using Azure;
using Azure.Core;

namespace ServerlessCLM.Emulator;

/// <summary>
/// An entity-group transaction as multipart/mixed: one change set of HTTP requests, answered by one of HTTP responses
/// (learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions).
/// </summary>
static class TableBatch
{
    // Every part is one line of JSON or a header, whose characters are escaped, so no part can hold a line that starts like these.
    const string Batch = "batch_clm";
    const string Changes = "changeset_clm";

    internal const string ContentType = $"multipart/mixed; boundary={Batch}";

    internal static byte[] Write(IEnumerable<TableRequest> requests)
    {
        var text = new StringBuilder($"--{Batch}\r\nContent-Type: multipart/mixed; boundary={Changes}\r\n\r\n");
        foreach (var request in requests)
        {
            text.Append($"--{Changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            text.Append($"{request.Method} {request.Address} HTTP/1.1\r\n");
            foreach (var (name, value) in request.Headers) text.Append($"{name}: {value}\r\n");
            text.Append("\r\n").Append(Encoding.UTF8.GetString(request.Body)).Append("\r\n");
        }
        return Encoding.UTF8.GetBytes(text.Append($"--{Changes}--\r\n--{Batch}--\r\n").ToString());
    }

    /// <param name="response">The answer to a batch of one change set.</param>
    /// <param name="count">How many changes it had.</param>
    /// <param name="table">The table's name.</param>
    /// <exception cref="TableTransactionFailedException">The service refused a change and with it all.</exception>
    /// <exception cref="InvalidDataException">The answer does not answer every change.</exception>
    internal static IReadOnlyList<Response> Read(Response response, int count, string table)
    {
        var answers = new List<Response>(count);
        using var reader = new StringReader(response.Content.ToString());
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)) continue;
            var (status, reason) = (int.Parse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture), line[12..].TrimStart());
            var headers = ReadHeaders(reader);
            if (status >= 400) throw Refused(status, reason, ReadBody(reader), table);
            answers.Add(new VersionedResponse(status, reason, headers.TryGetValue("ETag", out var etag) ? new ETag(etag) : default));
        }
        return answers.Count == count
            ? answers
            : throw new InvalidDataException($"A transaction of {count} actions on table '{table}' was answered for {answers.Count} of them.");
    }

    static TableTransactionFailedException Refused(int status, string reason, string body, string table)
    {
        var (code, message) = body.StartsWith('{') ? ServiceError.ReadJson(body) : (null, body.Length > 0 ? body : reason);
        // The index stays in front, where the exception looks for it.
        var index = message!.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && int.TryParse(message.AsSpan(0, colon), out _) ? colon + 1 : 0;
        return new(new RequestFailedException(status, $"{message[..index]}Transaction on table '{table}': {message[index..]}", code, null));
    }

    static Dictionary<string, string> ReadHeaders(StringReader reader)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon]] = line[(colon + 1)..].Trim();
        }
        return headers;
    }

    static string ReadBody(StringReader reader)
    {
        var body = new StringBuilder();
        while (reader.ReadLine() is { } line && !line.StartsWith("--", StringComparison.Ordinal)) body.AppendLine(line);
        return body.ToString().Trim();
    }
}

/// <summary>One write as an HTTP request, sent alone or inside a batch.</summary>
readonly record struct TableRequest(RequestMethod Method, Uri Address, (string Name, string Value)[] Headers, byte[] Body)
{
    const string Json = "application/json;odata=minimalmetadata";

    /// <param name="service">The address of the table service.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="write">The write.</param>
    internal static TableRequest Of(Uri service, string table, RowWrite write)
    {
        var (method, conditional) = write.Action switch
        {
            TableTransactionActionType.Add => (RequestMethod.Post, false),
            TableTransactionActionType.UpdateMerge => (RequestMethod.Parse("MERGE"), true),
            TableTransactionActionType.UpdateReplace => (RequestMethod.Put, true),
            TableTransactionActionType.Delete => (RequestMethod.Delete, true),
            TableTransactionActionType.UpsertMerge => (RequestMethod.Parse("MERGE"), false),
            _ => (RequestMethod.Put, false),
        };
        var headers = new List<(string, string)> { ("Accept", Json), ("DataServiceVersion", "3.0") };
        if (conditional) headers.Add(("If-Match", (write.IfMatch == default ? ETag.All : write.IfMatch).ToString("H")));
        if (write.Action == TableTransactionActionType.Add) headers.Add(("Prefer", "return-no-content"));
        if (write.Action != TableTransactionActionType.Delete) headers.Add(("Content-Type", "application/json"));
        var path = write.Action == TableTransactionActionType.Add ? table : PathOf(table, write.PartitionKey, write.RowKey);
        return new(method, new Uri($"{service.AbsoluteUri.TrimEnd('/')}/{path}"), [.. headers],
            write.Action == TableTransactionActionType.Delete ? [] : EntityJson.Write(write));
    }

    /// <summary>An entity below the service's address.</summary>
    internal static string PathOf(string table, string partitionKey, string rowKey) =>
        $"{table}(PartitionKey='{Escape(partitionKey)}',RowKey='{Escape(rowKey)}')";

    static string Escape(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));
}
