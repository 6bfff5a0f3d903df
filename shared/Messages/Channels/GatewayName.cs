using System.Text.Json;

namespace ServerlessCLM.Messages.Channels;

/// <summary>A way out of the product. Several may serve one channel of consent: a call by a person or by a voice machine.</summary>
public enum GatewayName { Inbox, Push, Email, Sms, Chat, CallCentre, Voice, Branch, Letter }

/// <summary>Which gateway serves which channel.</summary>
public static class Gateways
{
    public static IReadOnlyList<GatewayName> All { get; } = Enum.GetValues<GatewayName>();

    /// <summary>The channel whose consent, caps and quiet hours hold for a gateway: what is written to a messaging app counts as SMS, a word in the branch as a call.</summary>
    public static MessageChannel ChannelOf(GatewayName gateway) => gateway switch
    {
        GatewayName.Inbox => MessageChannel.App,
        GatewayName.Push => MessageChannel.Push,
        GatewayName.Email => MessageChannel.Email,
        GatewayName.Sms or GatewayName.Chat => MessageChannel.Sms,
        GatewayName.Letter => MessageChannel.Letter,
        _ => MessageChannel.Call,
    };

    /// <summary>The gateway of a channel where none is named.</summary>
    public static GatewayName For(MessageChannel channel) => channel switch
    {
        MessageChannel.App => GatewayName.Inbox,
        MessageChannel.Call => GatewayName.CallCentre,
        _ => Enum.Parse<GatewayName>(channel.ToString()),
    };

    /// <summary>As settings, routes and consents write it.</summary>
    public static string Text(this GatewayName gateway) => JsonNamingPolicy.CamelCase.ConvertName(gateway.ToString());

    /// <summary>As settings, routes and consents write it.</summary>
    public static string Text(this MessageChannel channel) => JsonNamingPolicy.CamelCase.ConvertName(channel.ToString());

    public static GatewayName? Parse(string text)
    {
        foreach (var gateway in All)
        {
            if (gateway.Text() == text)
                return gateway;
        }

        return null;
    }
}
