using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>The service's errors, with the status and error code it gives and a message that names the cause.</summary>
static class TableErrors
{
    internal static RequestFailedException TableNotFound(string table) =>
        new(404, $"Table '{table}' does not exist.", "TableNotFound", null);

    internal static RequestFailedException TableAlreadyExists(string table) =>
        new(409, $"Table '{table}' already exists.", "TableAlreadyExists", null);

    internal static RequestFailedException ResourceNotFound(string partitionKey, string rowKey) =>
        new(404, $"Entity '{partitionKey}', '{rowKey}' does not exist.", "ResourceNotFound", null);

    internal static RequestFailedException EntityAlreadyExists(string partitionKey, string rowKey) =>
        new(409, $"Entity '{partitionKey}', '{rowKey}' already exists.", "EntityAlreadyExists", null);

    internal static RequestFailedException UpdateConditionNotSatisfied(string partitionKey, string rowKey) =>
        new(412, $"Entity '{partitionKey}', '{rowKey}' has another ETag than the one given.", "UpdateConditionNotSatisfied", null);

    internal static RequestFailedException BadRequest(string code, string message) => new(400, message, code, null);

    internal static RequestFailedException InvalidInput(string message) => BadRequest("InvalidInput", message);

    /// <summary>The error of one action, as the service words it: the action's index, a colon, the message.</summary>
    internal static TableTransactionFailedException At(int index, RequestFailedException error) =>
        new(new RequestFailedException(error.Status, $"{index}:{error.Message}", error.ErrorCode, error));
}
