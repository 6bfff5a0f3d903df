metadata description = 'ServerlessCLM in one resource group: function app, event hubs, customer storage, key vault and monitoring, all by managed identity.'

@description('Region of every resource.')
param location string = resourceGroup().location

@description('Prefix of every name: lower-case letters and digits.')
@minLength(2)
@maxLength(6)
param name string = 'clm'

@description('The institution, first part of every partition key. It cannot change once customers are stored.')
@minLength(1)
@maxLength(32)
param tenant string = 'bank'

@description('Storage accounts that customers spread over by hash. Fixed at the first deployment: another number puts customers elsewhere.')
@minValue(1)
@maxValue(64)
param customerAccounts int = 1

@description('Replication of the storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Partitions of each event hub. The Standard tier cannot change them later.')
@minValue(1)
@maxValue(32)
param partitions int = 32

@description('Throughput units at rest: 1 MB or 1,000 events a second in, twice that out, each.')
@minValue(1)
@maxValue(40)
param throughputUnits int = 1

@description('Throughput units under load.')
@minValue(1)
@maxValue(40)
param maximumThroughputUnits int = 20

@description('Hours that events stay in the hubs: how long the product may be down without losing one.')
@minValue(24)
@maxValue(168)
param retentionHours int = 168

@description('Instances of the function app at the most.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 100

@description('Memory of an instance in MB.')
@allowed([2048, 4096])
param instanceMemory int = 2048

@description('Instances kept running, as {name, instanceCount}: http, or function:ScoreTransactions and the like.')
param alwaysReady array = []

@description('Version of the master key that new customers are sealed with. The secrets clm-master-key-1 to clm-master-key-N must exist.')
@minValue(1)
param masterKeyVersion int = 1

@description('Changes when an event hub is replaced, because the new one numbers its events anew.')
param streamEpoch string = '0'

@description('Keeps deleted keys for 90 days whatever happens. Off only where environments come and go.')
param purgeProtection bool = true

@description('Object id of who may write the master keys; empty assigns nobody.')
param keyAdministrator string = ''

@description('Kind of the key administrator.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param keyAdministratorType string = 'Group'

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Whether storage, hubs, vault and model answer in a private network only.')
param privateNetwork bool = false

@description('Addresses of that network: a /23 or more that no peered network uses.')
param networkPrefix string = '10.60.0.0/22'

@description('Model that drafts messages, such as gpt-4.1-mini; empty writes from approved templates.')
param draftingModel string = ''

param draftingModelVersion string = ''

@description('Where texts are processed: anywhere, in the data zone (the EU) or in the region.')
@allowed(['GlobalStandard', 'DataZoneStandard', 'Standard'])
param draftingDeployment string = 'DataZoneStandard'

@description('Thousands of tokens a minute for drafting.')
@minValue(1)
param draftingCapacity int = 50

@description('Client id of the app registration of the API; empty leaves function keys alone, and documents cannot be changed.')
param apiClientId string = ''

@description('E-mail addresses of who is on call.')
param alertRecipients array = []

@description('A month in the currency of the subscription; 0 sets no budget.')
@minValue(0)
param monthlyBudget int = 0

@description('First month of the budget.')
param budgetStart string = utcNow('yyyy-MM-01')

param tags object = {
  product: 'ServerlessCLM'
}

var token = uniqueString(subscription().id, resourceGroup().id, name)
var publicAccess = !privateNetwork
var hasModel = !empty(draftingModel)

// A user-assigned identity exists before the app does, so the app starts with its roles in place.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-${name}-${token}'
  location: location
  tags: tags
}

module monitor 'modules/monitor.bicep' = {
  name: 'monitor'
  params: {
    location: location
    tags: tags
    name: '${name}-${token}'
    retentionDays: logRetentionDays
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    location: location
    tags: tags
    name: name
    token: token
    sku: storageSku
    customerAccounts: customerAccounts
    publicAccess: publicAccess
  }
}

module eventHubs 'modules/eventhubs.bicep' = {
  name: 'eventhubs'
  params: {
    location: location
    tags: tags
    name: 'evhns-${name}-${token}'
    partitions: partitions
    throughputUnits: throughputUnits
    maximumThroughputUnits: maximumThroughputUnits
    retentionHours: retentionHours
    publicAccess: publicAccess
  }
}

module keyVault 'modules/keyvault.bicep' = {
  name: 'keyvault'
  params: {
    location: location
    tags: tags
    name: 'kv-${name}-${token}'
    purgeProtection: purgeProtection
    publicAccess: publicAccess
  }
}

module openAi 'modules/openai.bicep' = if (hasModel) {
  name: 'openai'
  params: {
    location: location
    tags: tags
    name: 'oai-${name}-${token}'
    model: draftingModel
    modelVersion: draftingModelVersion
    capacity: draftingCapacity
    deploymentType: draftingDeployment
    publicAccess: publicAccess
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network'
  params: {
    location: location
    tags: tags
    name: '${name}-${token}'
    addressPrefix: networkPrefix
    customerAccountIds: storage.outputs.customerAccountIds
    runtimeAccountId: storage.outputs.runtimeAccountId
    eventHubsId: eventHubs.outputs.id
    keyVaultId: keyVault.outputs.id
    openAiId: openAi.?outputs.id ?? ''
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    principalId: identity.properties.principalId
    keyAdministrator: keyAdministrator
    keyAdministratorType: keyAdministratorType
    runtimeAccount: storage.outputs.runtimeAccount
    customerAccounts: storage.outputs.customerAccountNames
    eventHubsNamespace: eventHubs.outputs.name
    keyVault: keyVault.outputs.name
    applicationInsights: monitor.outputs.applicationInsights
    openAi: openAi.?outputs.name ?? ''
  }
}

module functions 'modules/functions.bicep' = {
  name: 'functions'
  params: {
    location: location
    tags: tags
    name: 'func-${name}-${token}'
    plan: 'plan-${name}-${token}'
    identityId: identity.id
    identityClientId: identity.properties.clientId
    runtimeAccount: storage.outputs.runtimeAccount
    deploymentContainerUri: storage.outputs.deploymentContainerUri
    customerTables: storage.outputs.customerTables
    customerBlobs: storage.outputs.customerBlobs
    eventHubsNamespace: eventHubs.outputs.host
    keyVaultUri: keyVault.outputs.uri
    masterKeyVersion: masterKeyVersion
    tenant: tenant
    streamEpoch: streamEpoch
    applicationInsightsConnection: monitor.outputs.connectionString
    maximumInstances: maximumInstances
    instanceMemory: instanceMemory
    alwaysReady: alwaysReady
    subnetId: network.?outputs.functionsSubnet ?? ''
    draftingEndpoint: openAi.?outputs.endpoint ?? ''
    draftingDeployment: openAi.?outputs.deployment ?? ''
    apiClientId: apiClientId
  }
  dependsOn: [
    roles
  ]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    tags: tags
    name: '${name}-${token}'
    workspaceId: monitor.outputs.workspaceId
    applicationInsightsId: monitor.outputs.applicationInsightsId
    eventHubsId: eventHubs.outputs.id
    customerAccountIds: storage.outputs.customerAccountIds
    recipients: alertRecipients
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  params: {
    name: name
    amount: monthlyBudget
    start: budgetStart
    recipients: alertRecipients
  }
}

output functionApp string = functions.outputs.name
output url string = functions.outputs.url
output keyVault string = keyVault.outputs.name
output eventHubsNamespace string = eventHubs.outputs.name
