using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Journeys.Collections;

namespace ServerlessCLM.Functions.Collections;

internal static class CollectionsSetup
{
    /// <param name="services">The product's.</param>
    /// <param name="settings">Configuration section <c>Clm:SelfService</c>.</param>
    public static void AddCollections(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddSingleton<DocumentKind>(new CollectionsPolicyKind());
        services.AddSingleton<CollectionsPolicies>();
        services.AddSingleton<DebtAgreements>();
        services.AddSingleton<SelfCure>();
        services.AddSingleton<CaseIndex>();
        services.AddSingleton<AgreementTotals>();
        services.AddSingleton<CaseQueue>();
        services.AddSingleton<HandOffs>();
        services.AddSingleton(SelfServiceOptions.Of(settings));
        services.AddSingleton(provider => SelfServiceOptions.KeysOf(settings, provider.GetRequiredService<MasterKeys>()));
        services.AddSingleton<SelfServiceLinks>();
        services.AddSingleton<LinkLimiter>();
    }
}
