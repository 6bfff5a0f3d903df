using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>The service's errors, with the status and error code it gives and a message that names the cause.</summary>
static class BlobErrors
{
    internal static RequestFailedException ContainerNotFound(string container) =>
        new(404, $"Container '{container}' does not exist.", "ContainerNotFound", null);

    internal static RequestFailedException ContainerAlreadyExists(string container) =>
        new(409, $"Container '{container}' already exists.", "ContainerAlreadyExists", null);

    internal static RequestFailedException BlobNotFound(string container, string blob) =>
        new(404, $"Blob '{container}/{blob}' does not exist.", "BlobNotFound", null);

    internal static RequestFailedException BlobAlreadyExists(string container, string blob) =>
        new(409, $"Blob '{container}/{blob}' already exists.", "BlobAlreadyExists", null);

    internal static RequestFailedException ConditionNotMet(string container, string blob) =>
        new(412, $"Blob '{container}/{blob}' does not meet the conditions of the request.", "ConditionNotMet", null);

    internal static RequestFailedException NotModified(string container, string blob) =>
        new(304, $"Blob '{container}/{blob}' has not changed.", "ConditionNotMet", null);

    internal static RequestFailedException BadRequest(string code, string message) => new(400, message, code, null);
}
