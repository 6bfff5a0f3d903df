using System.Net.Http;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Messages.Channels;

/// <summary>The gateways that have an endpoint.</summary>
public sealed class WebhookGateways : IDisposable
{
    private readonly HttpClient _http;
    private readonly Dictionary<GatewayName, WebhookGateway> _gateways;

    public WebhookGateways(DispatchOptions options, TimeProvider time)
    {
        _http = new HttpClient(PublicAddresses.Handler(options.AllowPrivateAddresses)) { Timeout = Timeout.InfiniteTimeSpan };
        _gateways = options.Gateways.Where(gateway => gateway.Value.Endpoint is not null)
            .ToDictionary(gateway => gateway.Key, gateway => new WebhookGateway(_http, gateway.Value, options, time));
    }

    /// <summary>Hands a message over. A message whose gateway has lost its endpoint since waits for it to come back.</summary>
    public Task<HandOverResult> SendAsync(string key, CustomerId customer, MessageDelivery delivery, CancellationToken cancellation) =>
        _gateways.TryGetValue(delivery.Message.Gateway, out var gateway)
            ? gateway.SendAsync(key, customer, delivery, cancellation)
            : Task.FromResult(new HandOverResult(HandOver.Failed, $"no endpoint is configured for {delivery.Message.Gateway.Text()}"));

    public void Dispose() => _http.Dispose();
}
