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

@description('Subnet that the app calls from; empty without a private network.')
param subnetId string

@description('Endpoint and deployment of the drafting model; empty writes from templates.')
param draftingEndpoint string
param draftingDeployment string

@description('Client id of the app registration whose tokens callers bring; empty leaves function keys alone.')
param apiClientId string

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

var draftingSettings = empty(draftingEndpoint)
  ? []
  : [
      {
        name: 'Clm__Drafting__Endpoint'
        value: draftingEndpoint
      }
      {
        name: 'Clm__Drafting__Model'
        value: draftingDeployment
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
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      appSettings: concat(settings, customerTableSettings, customerBlobSettings, draftingSettings)
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

// Tokens are checked by the platform before the host sees a request; who may do what is the product's table of roles.
resource authentication 'Microsoft.Web/sites/config@2024-04-01' = if (!empty(apiClientId)) {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      excludedPaths: ['/api/health', '/api/openapi.json']
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: apiClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${az.tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: ['api://${apiClientId}']
        }
      }
    }
    httpSettings: {
      requireHttps: true
    }
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
