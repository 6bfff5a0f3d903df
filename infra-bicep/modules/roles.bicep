metadata description = 'What the identity of the product may do, and nothing else.'

param principalId string
param keyAdministrator string
param keyAdministratorType string
param runtimeAccount string
param customerAccounts array
param eventHubsNamespace string
param keyVault string
param applicationInsights string

@description('Account of the drafting model; empty where there is none.')
param openAi string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var role = {
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  blobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  eventHubsDataReceiver: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde'
  eventHubsDataSender: '2b629674-e913-4c01-ae53-ef4638d8f975'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  openAiUser: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

// The runtime keeps its leases and checkpoints in blobs; durable journeys need queues and tables beside them.
var runtimeRoles = [role.blobDataOwner, role.queueDataContributor, role.tableDataContributor]

var received = ['transactions', 'events', 'signals']
var sent = ['transactions', 'events', 'signals', 'alerts']

resource runtime 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: runtimeAccount
}

resource runtimeAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for id in runtimeRoles: {
    name: guid(runtime.id, principalId, id)
    scope: runtime
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', id)
    }
  }
]

resource customers 'Microsoft.Storage/storageAccounts@2023-05-01' existing = [
  for account in customerAccounts: {
    name: account
  }
]

resource customerTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (account, place) in customerAccounts: {
    name: guid(customers[place].id, principalId, role.tableDataContributor)
    scope: customers[place]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.tableDataContributor)
    }
  }
]

// Large dead letters are blobs of the first account.
resource firstCustomers 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: customerAccounts[0]
}

resource customerBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(firstCustomers.id, principalId, role.blobDataContributor)
  scope: firstCustomers
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.blobDataContributor)
  }
}

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: eventHubsNamespace
}

resource receivedHubs 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' existing = [
  for hub in received: {
    parent: namespace
    name: hub
  }
]

resource receivers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (hub, place) in received: {
    name: guid(receivedHubs[place].id, principalId, role.eventHubsDataReceiver)
    scope: receivedHubs[place]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.eventHubsDataReceiver)
    }
  }
]

resource sentHubs 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' existing = [
  for hub in sent: {
    parent: namespace
    name: hub
  }
]

resource senders 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (hub, place) in sent: {
    name: guid(sentHubs[place].id, principalId, role.eventHubsDataSender)
    scope: sentHubs[place]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.eventHubsDataSender)
    }
  }
]

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: keyVault
}

resource vaultReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, role.keyVaultSecretsUser)
  scope: vault
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsUser)
  }
}

resource vaultWriter 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(keyAdministrator)) {
  name: guid(vault.id, keyAdministrator, role.keyVaultSecretsOfficer)
  scope: vault
  properties: {
    principalId: keyAdministrator
    principalType: keyAdministratorType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsOfficer)
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsights
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, role.monitoringMetricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.monitoringMetricsPublisher)
  }
}

resource model 'Microsoft.CognitiveServices/accounts@2024-10-01' existing = if (!empty(openAi)) {
  name: empty(openAi) ? 'none' : openAi
}

resource drafting 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(openAi)) {
  name: guid(model.id, principalId, role.openAiUser)
  scope: model
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.openAiUser)
  }
}
