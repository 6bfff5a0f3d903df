using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace ServerlessCLM.Tests.ConsolePages;

public sealed partial class ConsolePageTests
{
    [Fact]
    public async Task The_page_loads_nothing_but_files_of_its_own_under_a_policy_without_inline_script()
    {
        await using var product = await Product.StartAsync();
        using var answer = await Get(product, "api/console/customers/some-one", "identity");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.SkipWhen(answer.StatusCode == HttpStatusCode.ServiceUnavailable, "the product was built without Node, so it has no console");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(InlineCode(), page);
        var files = Reference().Matches(page).Select(match => match.Groups["address"].Value).ToList();
        Assert.Contains(files, file => file.EndsWith(".js", StringComparison.Ordinal));
        foreach (var file in files)
        {
            Assert.StartsWith("/api/console/assets/", file, StringComparison.Ordinal);
            using var asset = await Get(product, file[1..], "identity");
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
            Assert.True(asset.Headers.CacheControl is { Public: true, MaxAge.TotalDays: > 300 });
        }
    }

    [Fact]
    public async Task A_file_is_the_same_in_every_coding_and_is_not_sent_to_who_has_it()
    {
        await using var product = await Product.StartAsync();
        using var plain = await Get(product, "api/console", "identity");
        Assert.SkipWhen(plain.StatusCode == HttpStatusCode.ServiceUnavailable, "the product was built without Node, so it has no console");
        using var brotli = await Get(product, "api/console", "gzip, br");
        using var gzip = await Get(product, "api/console", "gzip, br;q=0");
        Assert.Equal(["br"], brotli.Content.Headers.ContentEncoding);
        Assert.Equal(["gzip"], gzip.Content.Headers.ContentEncoding);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        var bytes = await plain.Content.ReadAsByteArrayAsync();
        await using var unpackedBrotli = new BrotliStream(await brotli.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        await using var unpackedGzip = new GZipStream(await gzip.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal(bytes, await AllOf(unpackedBrotli));
        Assert.Equal(bytes, await AllOf(unpackedGzip));
        Assert.Equal(3, new[] { plain, brotli, gzip }.Select(each => each.Headers.ETag?.Tag).Distinct().Count());

        using var again = await Get(product, "api/console", "br", brotli.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task A_file_of_another_build_is_not_answered_with_the_page()
    {
        await using var product = await Product.StartAsync();
        using var answer = await Get(product, "api/console/assets/index-gone.js", "br");
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_browser_at_the_root_is_sent_to_the_console_and_others_are_told_the_functions()
    {
        await using var product = await Product.StartAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = product.Client.BaseAddress };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml");
        using var page = await browser.GetAsync("/");
        Assert.Equal("/api/console/", page.Headers.Location?.OriginalString);
        Assert.Contains("api/console/{*path}", await product.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> Get(Product product, string path, string encodings, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encodings);
        if (known is not null)
            request.Headers.IfNoneMatch.Add(known);
        return await product.Client.SendAsync(request);
    }

    private static async Task<byte[]> AllOf(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    [GeneratedRegex("<script(?![^>]*src=)|<style|style=|\\son[a-z]+=", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex InlineCode();

    [GeneratedRegex("(?:src|href)=\"(?<address>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Reference();
}
