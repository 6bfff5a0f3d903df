using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ServerlessCLM.Functions.Console;

/// <summary>Serves the console's files. The page holds no data: it asks the API as whoever signs in.</summary>
public sealed class ConsolePage(ConsoleFiles files, SignInOptions signIn)
{
    private const string Root = "/console";

    private const string Absent = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>ServerlessCLM</title>
        <h1>The console is not in this build</h1>
        <p>It is built by Node 20.19 or newer, which was not found, or its packages could not be installed.</p>
        <p>Install Node, then build again: <code>dotnet build functions</code>. The API works without it: <a href="/api/openapi.json">/api/openapi.json</a>.</p></html>
        """;

    private readonly string _policy = string.Join("; ",
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
        // The issuer's token endpoint is the only address besides the product's own.
        signIn.Authority is { } issuer ? $"connect-src 'self' {issuer.GetLeftPart(UriPartial.Authority)}" : "connect-src 'self'",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'");

    /// <remarks>Any address below that is no file is the page, which reads the address itself.</remarks>
    [Function("Console")]
    public IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "console/{*path}")] HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        var name = path[(path.IndexOf(Root, StringComparison.OrdinalIgnoreCase) + Root.Length)..].TrimStart('/');
        var isAsset = name.StartsWith("assets/", StringComparison.Ordinal);
        var response = request.HttpContext.Response;
        Protect(response.Headers);
        if (!files.ArePresent)
            return Results.Content(Absent, "text/html; charset=utf-8", statusCode: StatusCodes.Status503ServiceUnavailable);

        var accepted = request.GetTypedHeaders().AcceptEncoding;
        if (files.Find(isAsset ? name : ConsoleFiles.Page, Accepts) is not { } file)
            return Results.Text("There is no such file; load the page again.", statusCode: StatusCodes.Status404NotFound);

        // An asset's name has the digest of what is in it; the page names the assets of its build.
        response.Headers.CacheControl = isAsset ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (file.Encoding is not null)
            response.Headers.ContentEncoding = file.Encoding;
        return Results.Bytes(file.Bytes, file.ContentType, entityTag: file.Tag);

        bool Accepts(string coding) => accepted.Any(each => each.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && each.Quality is null or > 0);
    }

    private void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
