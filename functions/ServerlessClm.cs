using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Decisions.AdverseAction;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Decisions.CreditLines;
using ServerlessCLM.Decisions.Learning;
using ServerlessCLM.Documents;
using ServerlessCLM.Experiments;
using ServerlessCLM.Functions.Collections;
using ServerlessCLM.Functions.Console;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Functions.Journeys;
using ServerlessCLM.Functions.Messages;
using ServerlessCLM.Functions.Telemetry;
using ServerlessCLM.Governance;
using ServerlessCLM.Messages.Templates;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Functions;

/// <summary>The product: its functions on the runtime that this build is for.</summary>
public static class ServerlessClm
{
    /// <param name="args">Arguments of the process.</param>
    /// <param name="configure">Last word on the services, for hosts that run the product within themselves.</param>
    /// <remarks>Not inlined: the emulator takes the functions of the assembly that calls it, which must stay this one.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHost Create(string[] args, Action<IServiceCollection>? configure = null)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<RequestSpans>();
        builder.UseMiddleware<ServicesAway>();
        builder.UseMiddleware<AccessControl>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        // Its scopes put the address, and so the customer's id, beside every line of a request.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        TelemetryExport.Add(builder);
        builder.Services.AddSingleton(Options(builder.Configuration.GetSection("Clm")));
        builder.Services.AddSingleton(Holdout(builder.Configuration.GetSection("Clm:Holdout")));
        builder.Services.AddMessages(builder.Configuration.GetSection("Clm"));
        builder.Services.AddJourneys(builder.Configuration.GetSection("Clm:Journeys"));
        builder.Services.AddCollections(builder.Configuration.GetSection("Clm:SelfService"));
        builder.Services.AddConsole(builder.Configuration.GetSection("Clm"));
        builder.Services.AddSingleton(services => new RateLimits(builder.Configuration.GetSection("Clm:Limits"), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => Principals(builder.Configuration, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<SignInOptions>().ConsoleKey));
        Runtime.Add(builder, args);
        AddProduct(builder.Services);
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    private static void AddProduct(IServiceCollection services)
    {
        services.AddSingleton<CustomerTables>();
        services.AddSingleton<IntentIndex>();
        services.AddSingleton<WakeIndex>();
        services.AddSingleton<AuditIndex>();
        services.AddSingleton<AuditChain>();
        services.AddSingleton<CustomerStore>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<OutboxQueue>();
        services.AddSingleton<Requests>();
        services.AddSingleton(provider => new CardNumbers(provider.GetRequiredService<MasterKeys>().Derive("card-tokens")));
        services.AddSingleton(provider => provider.GetRequiredService<BlobServiceClient>().GetBlobContainerClient("deadletters"));
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<CustomerPseudonyms>();
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton<LiveModels>();
        services.AddSingleton<DailyRounds>();
        services.AddSingleton<OwnRows>();
        services.AddSingleton<ModelCare>();
        services.AddSingleton<PaymentScoring>();
        services.AddSingleton<EventIngestion>();
        services.AddSingleton<SilenceScoring>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<StreamBatches>();
        services.AddSingleton<CustomerReference>();
        services.AddSingleton(AuthorizationPolicy.Default);
        services.AddSingleton<Authorizer>();
        services.AddSingleton(CreditLinePolicy.Default);
        services.AddSingleton<DutyIndex>();
        services.AddSingleton<CreditLineDecisions>();
        services.AddSingleton<CreditRights>();
        services.AddSingleton<DecisionIds>();
        services.AddSingleton<LiveStrategies>();
        services.AddSingleton<StrategyTotals>();
        services.AddSingleton<PublishedPrices>();
        services.AddSingleton<StrategyLearner>();
        services.AddSingleton<AnswerLearning>();
        services.AddSingleton<OutcomeIntake>();
        services.AddSingleton<CustomerSampler>();
        services.AddSingleton<BudgetPricing>();
        services.AddSingleton<NextBestActions>();
        services.AddSingleton<DecisionRecords>();
        services.AddSingleton<DecisionRetention>();
        services.AddSingleton<LiveExperiments>();
        services.AddSingleton<ExperimentTotals>();
        services.AddSingleton<ExperimentCourse>();
        services.AddSingleton<ExperimentRuns>();
        AddDocuments(services);
        AddGovernance(services);
        services.AddHostedService<StorageSetup>();
        services.AddHostedService<SendOutbox>();
    }

    private static void AddDocuments(IServiceCollection services)
    {
        services.AddSingleton(provider => new DocumentStore(provider.GetRequiredService<BlobServiceClient>(), provider.GetRequiredService<ProductOptions>().Tenant));
        services.AddSingleton<DocumentWorkflow>();
        services.AddSingleton<DocumentKind, ExperimentKind>();
        services.AddSingleton<DocumentKind, TemplateKind>();
        services.AddSingleton<DocumentKind, AuthorizationPolicyKind>();
        services.AddSingleton<DocumentKind, CreditLinePolicyKind>();
        services.AddSingleton(provider => Sole(provider, AuthorizationPolicyKind.KindName, AuthorizationPolicy.Default.Id, AuthorizationPolicy.Read));
        services.AddSingleton(provider => Sole(provider, CreditLinePolicyKind.KindName, CreditLinePolicy.Default.Id, CreditLinePolicy.Read));
        services.AddSingleton<DocumentKind>(_ => new StrategyKind(DecisionVocabulary.Standard));
    }

    private static SoleDocument<T> Sole<T>(IServiceProvider provider, string kind, string id, Func<JsonObject, T> read) where T : class => new(
        provider.GetRequiredService<DocumentStore>(), kind, id, provider.GetRequiredService<T>(), read, provider.GetRequiredService<TimeProvider>());

    private static void AddGovernance(IServiceCollection services)
    {
        services.AddSingleton<DocumentKind>(new PolicyKind());
        services.AddSingleton<Policies>();
        services.AddSingleton<Anchors>();
        services.AddSingleton<AuditVerification>();
    }

    /// <summary>Who a caller is: by access token where an issuer is configured, by App Service authentication, by function key.</summary>
    private static Principals Principals(IConfiguration settings, TimeProvider time, string? consoleKey)
    {
        var identity = settings.GetSection("Clm:Identity");
        var issuer = identity["Authority"];
        var audience = identity["Audience"];
        if (issuer is { Length: > 0 } != audience is { Length: > 0 })
            throw new InvalidOperationException("the settings Clm:Identity:Authority and Clm:Identity:Audience go together");

        var tokens = issuer is { Length: > 0 }
            ? new TokenCheck(new ConfigurationManager<OpenIdConnectConfiguration>($"{issuer.TrimEnd('/')}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever()), audience!, time)
            : null;
        return new Principals(Runtime.OwnsPrincipalHeader(settings), KeyRoles(identity["KeyRoles"]), tokens, consoleKey);
    }

    /// <summary>What a function key alone makes of a caller.</summary>
    private static Roles KeyRoles(string? setting)
    {
        if (setting is not { Length: > 0 })
            return Runtime.DefaultKeyRoles;

        var names = setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(names, name => Caller.RolesOf([name]) == Roles.None) is { } unknown
            ? throw new InvalidOperationException($"the setting Clm:Identity:KeyRoles has '{unknown}', which must be one of analyst, approver, auditor, agent, service and administrator")
            : Caller.RolesOf(names);
    }

    private static UniversalHoldout Holdout(IConfigurationSection settings) => new UniversalHoldout(
        settings["Salt"] ?? UniversalHoldout.None.Salt, settings.GetValue("Share", UniversalHoldout.None.Share)).Validated();

    private static ProductOptions Options(IConfigurationSection settings)
    {
        var defaults = new ProductOptions();
        return new ProductOptions
        {
            Tenant = settings["Tenant"] ?? defaults.Tenant,
            StreamEpoch = settings["StreamEpoch"] ?? defaults.StreamEpoch,
            CustomerCacheBytes = settings.GetValue("CustomerCacheBytes", defaults.CustomerCacheBytes),
            CommitConcurrency = settings.GetValue("CommitConcurrency", defaults.CommitConcurrency),
            RelayAfter = settings.GetValue("RelayAfter", defaults.RelayAfter),
            KeepDecisions = settings.GetValue("KeepDecisions", defaults.KeepDecisions),
            // The name of an application setting in Azure has no slash: Clm__Rates__USD_EUR.
            Rates = settings.GetSection("Rates").GetChildren().ToDictionary(
                rate => rate.Key.Replace('_', '/'), rate => decimal.TryParse(rate.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw new InvalidOperationException($"Clm:Rates:{rate.Key} '{rate.Value}' must be a number")),
        }.Validated();
    }

    /// <summary>Creates tables and containers that are missing before the first function runs.</summary>
    /// <remarks>Before any hosted service starts, because the Functions worker is one and takes invocations from its start on.</remarks>
    private sealed class StorageSetup(CustomerTables tables, BlobContainerClient deadLetters, DocumentStore documents, Anchors anchors)
        : IHostedLifecycleService
    {
        public async Task StartingAsync(CancellationToken cancellationToken)
        {
            await tables.CreateAsync(cancellationToken);
            await deadLetters.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await documents.CreateAsync(cancellationToken);
            await anchors.CreateAsync(cancellationToken);
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
