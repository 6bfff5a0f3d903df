metadata description = 'The function app on Flex Consumption: .NET 10 isolated, every connection by one user-assigned identity.'

param location string
param tags object
param name string
param plan string
param identityId string
param identityClientId string
param runtimeAccount string
param deploymentContainerUri string
param customerTables array
param customerBlobs array
param eventHubsNamespace string
param keyVaultUri string
param masterKeyVersion int
param tenant string
param streamEpoch string
param applicationInsightsConnection string
param maximumInstances int
param instanceMemory int
param alwaysReady array

// The order of the accounts decides where a customer is; it is the order of their names.
var customerTableSettings = [
  for (uri, place) in customerTables: {
    name: 'CustomerStorage__${place}__tableServiceUri'
    value: uri
  }
]
var customerBlobSettings = [
  for (uri, place) in customerBlobs: {
    name: 'CustomerStorage__${place}__blobServiceUri'
    value: uri
  }
]
var settings = [
  {
    name: 'AZURE_CLIENT_ID'
    value: identityClientId
  }
  {
    name: 'AzureWebJobsStorage__accountName'
    value: runtimeAccount
  }
  {
    name: 'AzureWebJobsStorage__credential'
    value: 'managedidentity'
  }
  {
    name: 'AzureWebJobsStorage__clientId'
    value: identityClientId
  }
  {
    name: 'EventHubs__fullyQualifiedNamespace'
    value: eventHubsNamespace
  }
  {
    name: 'EventHubs__credential'
    value: 'managedidentity'
  }
  {
    name: 'EventHubs__clientId'
    value: identityClientId
  }
  {
    name: 'KeyVault__uri'
    value: keyVaultUri
  }
  {
    name: 'KeyVault__masterKeyVersion'
    value: string(masterKeyVersion)
  }
  {
    name: 'Clm__Tenant'
    value: tenant
  }
  {
    name: 'Clm__StreamEpoch'
    value: streamEpoch
  }
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
    value: applicationInsightsConnection
  }
  {
    name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
    value: 'ClientId=${identityClientId};Authorization=AAD'
  }
]

resource farm 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: plan
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: farm.id
    httpsOnly: true
    siteConfig: {
      appSettings: concat(settings, customerTableSettings, customerBlobSettings)
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstances
        instanceMemoryMB: instanceMemory
        alwaysReady: alwaysReady
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
    }
  }

  // Packages are published with Entra tokens, never with the publishing password.
  resource publishing 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
