using Microsoft.Extensions.Configuration;
using ServerlessCLM.Customers;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Functions.Collections;

/// <summary>Settings of self-service, configuration section <c>Clm:SelfService</c>.</summary>
/// <param name="Page">What a link's token is put behind.</param>
/// <param name="PaymentPage">Where the payment provider takes a payment; the reference is put behind it.</param>
/// <param name="Validity">How long a link lives where nobody says.</param>
/// <param name="Secrets">Secrets of the payment provider's webhook.</param>
public sealed record SelfServiceOptions(string Page, string PaymentPage, TimeSpan Validity, IReadOnlyList<byte[]> Secrets)
{
    /// <exception cref="InvalidOperationException">A setting is not as it must be; the message names it.</exception>
    public static SelfServiceOptions Of(IConfigurationSection settings)
    {
        var validity = settings.GetValue("Validity", TimeSpan.FromDays(7));
        if (validity <= TimeSpan.Zero || validity > SelfServiceLinks.Longest)
            throw new InvalidOperationException($"Clm:SelfService:Validity {validity} must be above 0 and at most {SelfServiceLinks.Longest.TotalDays} days");

        try
        {
            return new SelfServiceOptions(
                settings["Page"] ?? "/api/self-service/", settings["PaymentPage"] ?? "", validity,
                [.. (settings["WebhookSecrets"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(WebhookSignature.Secret)]);
        }
        catch (FormatException wrong)
        {
            throw new InvalidOperationException($"Clm:SelfService:WebhookSecrets {wrong.Message}", wrong);
        }
    }

    /// <summary>Keys by id from <c>Keys</c>, in base64, the one that <c>Key</c> names current; without any, one derived from the institution's.</summary>
    public static LinkKeys KeysOf(IConfigurationSection settings, MasterKeys master)
    {
        var keys = settings.GetSection("Keys").GetChildren().ToDictionary(key => key.Key, key => Convert.FromBase64String(key.Value ?? ""));
        return keys.Count == 0
            ? new LinkKeys(new Dictionary<string, byte[]> { ["m"] = master.Derive("self-service-links") }, "m")
            : new LinkKeys(keys, settings["Key"] ?? throw new InvalidOperationException("Clm:SelfService:Key must name one of Clm:SelfService:Keys"));
    }
}
