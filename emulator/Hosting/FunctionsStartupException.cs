namespace ServerlessCLM.Emulator;

/// <summary>The app cannot start as written or configured; the message is one line and says where and why.</summary>
public sealed class FunctionsStartupException : Exception
{
    public FunctionsStartupException(string message)
        : base(message)
    {
    }

    public FunctionsStartupException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
