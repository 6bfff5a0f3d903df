using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Approvals;
using ServerlessCLM.Messages.Assistant;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Messages.Replies;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Functions.Messages;

/// <summary>What drafting needs. The model itself is the runtime's.</summary>
internal static class MessageSetup
{
    public static void AddMessages(this IServiceCollection services, IConfigurationSection clm)
    {
        services.AddSingleton(Options(clm.GetSection("Drafting")));
        services.AddSingleton(Dispatching(clm.GetSection("Gateways")));
        services.AddSingleton<TokenBudget>();
        services.AddSingleton<DraftingSwitch>();
        services.AddSingleton<ApprovedWording>();
        services.AddSingleton<ApprovalQueue>();
        services.AddSingleton<MessageDrafting>();
        services.AddSingleton<TemplateLibrary>();
        services.AddSingleton<MessageWriting>();
        services.AddSingleton<MessageIndex>();
        services.AddSingleton<WebhookGateways>();
        services.AddSingleton<Dispatch>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<ReplyDesk>();
        services.AddSingleton(KnowledgeBase.Load(clm["Assistant:Knowledge"] is { Length: > 0 } directory ? directory : null));
        services.AddSingleton<CustomerAssistant>();
    }

    private static DraftingOptions Options(IConfigurationSection settings)
    {
        var defaults = new DraftingOptions();
        return new DraftingOptions
        {
            Model = settings["Model"] is { Length: > 0 } model ? model : null,
            TokensPerDay = settings.GetValue("TokensPerDay", defaults.TokensPerDay),
            TokensPerCustomer = settings.GetValue("TokensPerCustomer", defaults.TokensPerCustomer),
            MaxOutputTokens = settings.GetValue("MaxOutputTokens", defaults.MaxOutputTokens),
            Timeout = settings.GetValue("Timeout", defaults.Timeout),
            Retries = settings.GetValue("Retries", defaults.Retries),
            BreakFor = settings.GetValue("BreakFor", defaults.BreakFor),
        }.Validated();
    }

    private static DispatchOptions Dispatching(IConfigurationSection settings)
    {
        var defaults = new DispatchOptions();
        return new DispatchOptions
        {
            AllowPrivateAddresses = settings.GetValue("AllowPrivateAddresses", defaults.AllowPrivateAddresses),
            Timeout = settings.GetValue("Timeout", defaults.Timeout),
            Retries = settings.GetValue("Retries", defaults.Retries),
            BreakFor = settings.GetValue("BreakFor", defaults.BreakFor),
            TryFor = settings.GetValue("TryFor", defaults.TryFor),
            Gateways = settings.GetChildren().Where(section => section.Value is null).ToDictionary(
                section => Gateways.Parse(section.Key) ?? throw new InvalidOperationException(
                    $"{section.Path} is no gateway; there are {string.Join(", ", Gateways.All.Select(gateway => gateway.Text()))}"),
                section => new GatewayOptions
                {
                    Endpoint = section["Endpoint"] is not { Length: > 0 } text ? null
                        : Uri.TryCreate(text, UriKind.Absolute, out var endpoint) ? endpoint : throw new InvalidOperationException($"{section.Path}:Endpoint must be an address like https://…"),
                    Secrets = Secrets(section.GetSection("Secrets")),
                    ReceiptSecrets = Secrets(section.GetSection("ReceiptSecrets")),
                }),
        }.Validated();
    }

    private static List<byte[]> Secrets(IConfigurationSection section) => [.. section.GetChildren().Select(secret =>
    {
        try
        {
            return WebhookSignature.Secret(secret.Value ?? "");
        }
        catch (FormatException wrong)
        {
            throw new InvalidOperationException($"{secret.Path} {wrong.Message}", wrong);
        }
    })];
}
