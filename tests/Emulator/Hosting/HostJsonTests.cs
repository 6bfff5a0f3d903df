using System.Text;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Hosting;

public class HostJsonTests
{
    [Fact]
    public void Without_a_file_the_defaults_are_the_real_hosts()
    {
        var host = HostJson.Find(Path.Combine(AppContext.BaseDirectory, "no such folder"));
        Assert.Equal(new HttpSettings { RoutePrefix = "api", MaxRequestBodySize = 104_857_600 }, host.Http);
        Assert.Equal(
            new EventHubsSettings { MaxEventBatchSize = 100, MinEventBatchSize = 1, MaxWaitTime = TimeSpan.FromMinutes(1), BatchCheckpointFrequency = 1 },
            host.EventHubs);
    }

    [Fact]
    public void Settings_are_read()
    {
        var host = Parse("""
            { // comments are allowed
              "version": "2.0", "logging": { "logLevel": { "default": "Warning" } },
              "extensions": {
                "http": { "routePrefix": "/v1/", "maxRequestBodySize": 1000 },
                "eventHubs": { "maxEventBatchSize": 500, "minEventBatchSize": 10, "maxWaitTime": "00:00:05",
                  "batchCheckpointFrequency": 3, "initialOffsetOptions": { "type": "fromEnd" } } },
            }
            """);
        Assert.Equal(new HttpSettings { RoutePrefix = "v1", MaxRequestBodySize = 1000 }, host.Http);
        Assert.Equal(
            new EventHubsSettings { MaxEventBatchSize = 500, MinEventBatchSize = 10, MaxWaitTime = TimeSpan.FromSeconds(5), BatchCheckpointFrequency = 3, InitialOffset = InitialOffset.FromEnd },
            host.EventHubs);
        Assert.Equal("Warning", host.LogLevels["Default"]);
    }

    [Theory]
    [InlineData("""{ "version": "2.0", """, "host.json is not JSON")]
    [InlineData("[]", "host.json: $ must be an object")]
    [InlineData("{}", "host.json: $.version must be \"2.0\"")]
    [InlineData("""{ "version": "2.0", "extensions": 1 }""", "host.json: $.extensions must be an object")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "routePrefix": 1 } } }""", "host.json: $.extensions.http.routePrefix must be a text")]
    [InlineData("""{ "version": "2.0", "extensions": { "eventHubs": { "maxEventBatchSize": 0 } } }""", "host.json: $.extensions.eventHubs.maxEventBatchSize must be a whole number from 1")]
    [InlineData("""{ "version": "2.0", "extensions": { "eventHubs": { "minEventBatchSize": 101 } } }""", "host.json: $.extensions.eventHubs.minEventBatchSize must be a whole number from 1 to 100")]
    [InlineData("""{ "version": "2.0", "extensions": { "eventHubs": { "maxWaitTime": "soon" } } }""", "host.json: $.extensions.eventHubs.maxWaitTime must be a time")]
    [InlineData("""{ "version": "2.0", "extensions": { "eventHubs": { "initialOffsetOptions": { "type": "x" } } } }""", "host.json: $.extensions.eventHubs.initialOffsetOptions.type is \"x\"")]
    public void A_malformed_file_is_an_error_that_names_the_path(string json, string reason) =>
        Assert.StartsWith(reason, Assert.Throws<FunctionsStartupException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.Equal("v1", HostJson.Parse((byte[])[0xEF, 0xBB, 0xBF, .. """{ "version": "2.0", "extensions": { "http": { "routePrefix": "v1" } } }"""u8], "host.json").Http.RoutePrefix);

    static HostConfiguration Parse(string json) => HostJson.Parse(Encoding.UTF8.GetBytes(json), "host.json");
}
