using System.Globalization;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Dates and signs each try of a request with the account's key (learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key).
/// The date is the wall clock's even under virtual time: the service refuses one that is 15 minutes off its own.
/// </summary>
abstract class SharedKeyPolicy(StorageAccount account) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var date = TimeProvider.System.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", $"SharedKey {account.Name}:{account.Sign(TextOf(message.Request, date))}");
    }

    /// <summary>The text that is signed.</summary>
    protected abstract string TextOf(Request request, string date);

    /// <summary>The account and the path as it is sent.</summary>
    protected string ResourceOf(Uri uri) => $"/{account.Name}{uri.AbsolutePath}";

    protected static string HeaderOf(Request request, string name) => request.Headers.TryGetValue(name, out var value) ? value : "";
}

/// <summary>The table service signs few headers, and of the query only <c>comp</c>, which the emulator never sends.</summary>
sealed class TableSharedKeyPolicy(StorageAccount account) : SharedKeyPolicy(account)
{
    protected override string TextOf(Request request, string date) =>
        $"{request.Method}\n{HeaderOf(request, "Content-MD5")}\n{HeaderOf(request, "Content-Type")}\n{date}\n{ResourceOf(request.Uri.ToUri())}";
}

/// <summary>The blob service signs the standard headers, every x-ms- header and the whole query.</summary>
sealed class BlobSharedKeyPolicy(StorageAccount account) : SharedKeyPolicy(account)
{
    static readonly string[] AfterLength =
        ["Content-MD5", "Content-Type", "", "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range"];

    protected override string TextOf(Request request, string date)
    {
        var text = new StringBuilder().Append(request.Method).Append('\n')
            .Append(HeaderOf(request, "Content-Encoding")).Append('\n')
            .Append(HeaderOf(request, "Content-Language")).Append('\n');
        if (request.Content is { } content && content.TryComputeLength(out var length) && length > 0) text.Append(CultureInfo.InvariantCulture, $"{length}");
        text.Append('\n');
        foreach (var name in AfterLength) text.Append(name.Length == 0 ? "" : HeaderOf(request, name)).Append('\n');
        foreach (var header in request.Headers.Where(header => header.Name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .OrderBy(header => header.Name.ToLowerInvariant(), StringComparer.Ordinal))
        {
            text.Append(header.Name.ToLowerInvariant()).Append(':').Append(header.Value).Append('\n');
        }
        var uri = request.Uri.ToUri();
        text.Append(ResourceOf(uri));
        foreach (var (name, value) in QueryOf(uri).OrderBy(part => part.Name, StringComparer.Ordinal)) text.Append('\n').Append(name).Append(':').Append(value);
        return text.ToString();
    }

    static IEnumerable<(string Name, string Value)> QueryOf(Uri uri) =>
        from part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        let pair = part.Split('=', 2)
        select (Uri.UnescapeDataString(pair[0]).ToLowerInvariant(), Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? ""));
}
