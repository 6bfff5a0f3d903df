using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessCLM.Emulator;

/// <summary>How requests to a storage service are sent: the retries and the transport of <see cref="ClientOptions"/>.</summary>
sealed class StorageClientOptions : ClientOptions;

/// <summary>
/// One storage service over HTTP: requests signed, retried as the pipeline does (408, 429, 500, 502, 503, 504
/// and broken connections, by Retry-After where the service gives it), and failures as exceptions with the service's code.
/// </summary>
sealed class StorageService(string version, HttpPipelinePolicy signing, StorageClientOptions? options)
{
    readonly HttpPipeline _pipeline = HttpPipelineBuilder.Build(options ?? new StorageClientOptions(), signing);

    /// <param name="method">The verb.</param>
    /// <param name="address">The resource with its query, escaped.</param>
    internal HttpMessage Message(RequestMethod method, Uri address)
    {
        var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(address);
        message.Request.Headers.SetValue("x-ms-version", version);
        return message;
    }

    /// <summary>Sends; anything but success is an exception that names the subject.</summary>
    /// <exception cref="RequestFailedException">The service refused, with its status, its error code and its words.</exception>
    internal async Task<Response> SendAsync(HttpMessage message, string subject, CancellationToken cancellation)
    {
        await _pipeline.SendAsync(message, cancellation);
        return message.Response.Status is >= 200 and < 300
            ? message.Response
            : throw new RequestFailedException(message.Response, null, new ServiceError(subject));
    }

    /// <summary>Query parameters with their values escaped, those without a value left out; with the question mark.</summary>
    internal static string QueryOf(params IEnumerable<(string Name, string? Value)> parameters)
    {
        var query = string.Join('&', parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
        return query.Length == 0 ? "" : "?" + query;
    }
}

/// <summary>Reads the service's error: JSON from tables, XML from blobs, only a header where there is no body.</summary>
sealed class ServiceError(string subject) : RequestFailedDetailsParser
{
    public override bool TryParse(Response response, out ResponseError? error, out IDictionary<string, string>? data)
    {
        var (code, message) = Read(response);
        if (response.Headers.TryGetValue("x-ms-error-code", out var header)) code ??= header;
        error = new ResponseError(code, $"{subject}: {message ?? response.ReasonPhrase}");
        data = null;
        return true;
    }

    static (string? Code, string? Message) Read(Response response)
    {
        if (response.ContentStream is not { CanSeek: true, Length: > 0 }) return default;
        var text = response.Content.ToString();
        try
        {
            return text.TrimStart('\uFEFF', ' ').StartsWith('{') ? ReadJson(text) : ReadXml(text);
        }
        catch (Exception unreadable) when (unreadable is JsonException or XmlException)
        {
            return (null, text); // A proxy's page, say: the status counts, and the text is shown as it came.
        }
    }

    internal static (string? Code, string? Message) ReadJson(string text)
    {
        using var document = JsonDocument.Parse(text);
        if (!document.RootElement.TryGetProperty("odata.error", out var error)) return (null, text);
        return (error.GetProperty("code").GetString(), error.GetProperty("message").GetProperty("value").GetString());
    }

    static (string? Code, string? Message) ReadXml(string text)
    {
        var error = XDocument.Parse(text).Root!;
        return ((string?)error.Element("Code"), (string?)error.Element("Message"));
    }
}
