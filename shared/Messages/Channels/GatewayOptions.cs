namespace ServerlessCLM.Messages.Channels;

/// <summary>One gateway, configuration section <c>Clm:Gateways:{name}</c>.</summary>
public sealed record GatewayOptions
{
    /// <summary>Where messages are sent; null keeps them in the embedded outbox.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Secrets that sign what is sent, a new one first.</summary>
    public IReadOnlyList<byte[]> Secrets { get; init; } = [];

    /// <summary>Secrets that receipts are signed with.</summary>
    public IReadOnlyList<byte[]> ReceiptSecrets { get; init; } = [];
}

/// <summary>All gateways, configuration section <c>Clm:Gateways</c>.</summary>
public sealed record DispatchOptions
{
    public IReadOnlyDictionary<GatewayName, GatewayOptions> Gateways { get; init; } = new Dictionary<GatewayName, GatewayOptions>();

    /// <summary>Whether endpoints may be inside the network, and without encryption: for development alone.</summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Further calls at once after one that failed in a way that may pass; later ones follow minutes apart.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>How long nothing is called after half of at least eight calls have failed.</summary>
    public TimeSpan BreakFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a message is tried, from the instant at which it was to be sent.</summary>
    public TimeSpan TryFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The time after which nobody can still be at a delivery, and the timer may take it over.</summary>
    public TimeSpan Patience => ((Timeout + TimeSpan.FromSeconds(5)) * (Retries + 1)) + TimeSpan.FromSeconds(30);

    public GatewayOptions Of(GatewayName gateway) => Gateways.GetValueOrDefault(gateway) ?? Embedded;

    private static readonly GatewayOptions Embedded = new();

    /// <exception cref="InvalidOperationException">A setting is out of its range; the message names it.</exception>
    public DispatchOptions Validated()
    {
        foreach (var (name, gateway) in Gateways)
        {
            if (gateway.Endpoint is { } endpoint && endpoint.Scheme != Uri.UriSchemeHttps && !(AllowPrivateAddresses && endpoint.Scheme == Uri.UriSchemeHttp))
                throw new InvalidOperationException($"Clm:Gateways:{name.Text()}:Endpoint must be an address like https://…");
            if (gateway is { Endpoint: not null, Secrets.Count: 0 })
                throw new InvalidOperationException($"Clm:Gateways:{name.Text()}:Secrets must have one secret at least, like whsec_…");
        }

        return this switch
        {
            { Retries: < 0 or > 5 } => throw new InvalidOperationException("Clm:Gateways:Retries must be 0 to 5"),
            _ when Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(2) =>
                throw new InvalidOperationException("Clm:Gateways:Timeout must be 0.1 seconds to 2 minutes"),
            _ when BreakFor < TimeSpan.FromSeconds(1) || BreakFor > TimeSpan.FromHours(1) =>
                throw new InvalidOperationException("Clm:Gateways:BreakFor must be a second to an hour"),
            _ when TryFor < TimeSpan.FromMinutes(1) || TryFor > TimeSpan.FromDays(7) =>
                throw new InvalidOperationException("Clm:Gateways:TryFor must be a minute to 7 days"),
            _ => this,
        };
    }
}
