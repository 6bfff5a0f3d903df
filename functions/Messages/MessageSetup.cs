using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Functions.Messages;

/// <summary>What drafting needs. The model itself is the runtime's.</summary>
internal static class MessageSetup
{
    public static void AddMessages(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddSingleton(Options(settings));
        services.AddSingleton<TokenBudget>();
        services.AddSingleton<DraftingSwitch>();
        services.AddSingleton<MessageDrafting>();
        services.AddSingleton<TemplateLibrary>();
        services.AddSingleton<MessageWriting>();
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
}
