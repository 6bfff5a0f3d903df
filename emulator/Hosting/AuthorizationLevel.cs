namespace ServerlessCLM.Emulator;

/// <summary>Which key an HTTP function asks for.</summary>
public enum AuthorizationLevel { Anonymous, User, Function, System, Admin }
