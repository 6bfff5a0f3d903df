using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>What a function app is made with, as the real worker's.</summary>
public interface IFunctionsWorkerApplicationBuilder
{
    IServiceCollection Services { get; }

    /// <summary>Wraps every run of every function; the first added is the outermost.</summary>
    IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware);
}

/// <summary>Builds a host that runs functions and answers HTTP in one process.</summary>
public sealed class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    readonly WebApplicationBuilder web;

    internal FunctionsApplicationBuilder(string[] args, FunctionCatalogue catalogue)
    {
        web = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = VirtualTimeRegistration.WithoutArgument(args) });
        var host = HostJson.Find(AppContext.BaseDirectory, Directory.GetCurrentDirectory());
        // Lowest in rank, so that every other source of settings overrides host.json.
        Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
                new("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Warning"),
                .. host.LogLevels.Select(level => KeyValuePair.Create($"Logging:LogLevel:{level.Key}", (string?)level.Value)),
            ],
        });

        Services.AddSingleton(catalogue);
        Services.AddSingleton(host);
        Services.AddSingleton(provider => EmulatorOptions.From(provider.GetRequiredService<IConfiguration>()));
        Services.AddSingleton<DataFolder>();
        Services.AddSingleton<HostKeys>();
        Services.AddSingleton<FunctionInvoker>();
        Services.AddSingleton<ScheduleFile>();
        Services.AddRouting();
        Services.AddCors();
        // Requests, batches and timers each have the whole time to end, not what those before them leave.
        Services.Configure<HostOptions>(static host => host.ServicesStopConcurrently = true);
        web.WebHost.ConfigureKestrel(static kestrel =>
        {
            var options = kestrel.ApplicationServices.GetRequiredService<EmulatorOptions>();
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.RequestBodySizeLimit ?? kestrel.ApplicationServices.GetRequiredService<HostConfiguration>().Http.MaxRequestBodySize;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)web).Properties;

    public ConfigurationManager Configuration => web.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => web.Configuration;

    public IHostEnvironment Environment => web.Environment;

    public ILoggingBuilder Logging => web.Logging;

    public IMetricsBuilder Metrics => web.Metrics;

    public IServiceCollection Services => web.Services;

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        ((IHostApplicationBuilder)web).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        Services.AddSingleton(new FunctionMiddleware(middleware));
        return this;
    }

    /// <summary>Takes the data folder and makes every function ready to run.</summary>
    /// <exception cref="FunctionsStartupException">The app cannot start as written or configured.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The host is the caller's; it is disposed here only when there is none to return.")]
    public IHost Build()
    {
        var app = web.Build();
        try
        {
            var services = app.Services;
            services.GetRequiredService<DataFolder>();
            var options = services.GetRequiredService<EmulatorOptions>();
            services.GetService<FaultInjector>()?.Attach(
                options.DataDirectory,
                services.GetRequiredService<TimeProvider>(),
                services.GetService<VirtualTimeSettings>() is not null,
                services.GetRequiredService<ILogger<FaultInjector>>());
            CheckPort(options.Port);
            services.GetRequiredService<HostKeys>();
            var catalogue = services.GetRequiredService<FunctionCatalogue>();
            catalogue.CheckClaimed(services.GetServices<ITriggerListener>());
            services.GetRequiredService<FunctionInvoker>().Prepare(catalogue.Functions);
            if (services.GetService<HttpFunctions>() is { } functions)
            {
                app.Use(HttpProblem.FillEmptyAsync);
                if (HostCors.PolicyOf(Configuration) is { } cors)
                    app.UseMiddleware<CorsMiddleware>(cors);
                functions.Map(app);
                services.GetRequiredService<AdminRoutes>().Map(app);
                services.GetRequiredService<KeyRoutes>().Map(app);
                services.GetRequiredService<ClockRoutes>().Map(app);
                services.GetRequiredService<DurableRoutes>().Map(app);
            }

            var log = services.GetRequiredService<ILogger<FunctionInvoker>>();
            app.Lifetime.ApplicationStarted.Register(() => log.Started(catalogue.Functions.Count, app.GetBaseAddress(), options.DataDirectory));
            return app;
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }
    }

    /// <summary>Looks first, because the server's own failure is a page long.</summary>
    static void CheckPort(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
        }
        catch (SocketException taken)
        {
            throw new FunctionsStartupException($"Port {port} on 127.0.0.1 cannot be listened on ({taken.SocketErrorCode}); name another in {EmulatorOptions.PortSetting}, or 0 for any.", taken);
        }
    }
}

/// <summary>What the packages and the emulator add to the builder and the host.</summary>
public static class FunctionsApplicationBuilderExtensions
{
    /// <summary>Turns on HTTP, timers and the other triggers.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<HttpFunctions>();
        services.AddSingleton<ITriggerListener>(provider => provider.GetRequiredService<HttpFunctions>());
        services.AddSingleton<HandFiring>();
        services.AddHostedService(provider => provider.GetRequiredService<HandFiring>());
        services.AddSingleton<AdminRoutes>();
        services.AddSingleton<KeyRoutes>();
        services.AddSingleton<ClockRoutes>();
        services.AddTriggerListener<TimerListener>();
        services.AddEventHubsTriggers();
        services.AddDurableTriggers();
        // Last: where the clock is virtual, what it runs has been started before.
        services.AddClock(builder.Configuration);
        return builder;
    }

    /// <summary>Wraps every run in a middleware made from the run's services.</summary>
    public static IFunctionsWorkerApplicationBuilder UseMiddleware<TMiddleware>(this IFunctionsWorkerApplicationBuilder builder)
        where TMiddleware : class, IFunctionsWorkerMiddleware
    {
        builder.Services.TryAddSingleton<TMiddleware>();
        return builder.Use(next => context => context.InstanceServices.GetRequiredService<TMiddleware>().Invoke(context, next));
    }

    /// <summary>Where a started host answers, such as <c>http://127.0.0.1:7071</c>; not in the real package.</summary>
    public static Uri GetBaseAddress(this IHost host) =>
        new(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
}
