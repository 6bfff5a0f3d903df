using System.Reflection;
using System.Runtime.CompilerServices;

namespace ServerlessCLM.Emulator;

/// <summary>Where a function app begins.</summary>
public static class FunctionsApplication
{
    static FunctionsApplication() => AppDomain.CurrentDomain.UnhandledException += static (_, failure) =>
    {
        // What keeps an app from starting is for its operator: one line and status 2, no stack.
        if (failure.ExceptionObject is FunctionsStartupException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            Environment.Exit(2);
        }
    };

    /// <summary>Begins an app with the functions of the calling assembly.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(args, Assembly.GetCallingAssembly());

    /// <summary>Begins an app with the functions of some classes only.</summary>
    internal static FunctionsApplicationBuilder CreateBuilder(string[] args, params Type[] classes) => new(args, FunctionCatalogue.Of(classes));

    /// <summary>Begins an app with the functions of an assembly; not in the real package.</summary>
    /// <exception cref="FunctionsStartupException">A method cannot be a function, or <c>host.json</c> is malformed.</exception>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args, Assembly assembly) => new(args, FunctionCatalogue.Of(assembly));
}
