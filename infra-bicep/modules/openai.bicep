metadata description = 'The language model that drafts messages, called by identity only. Without it the product writes from approved templates.'

param location string
param tags object
param name string

@description('Name of the model in the catalogue, such as gpt-4.1-mini.')
param model string

param modelVersion string

@description('Thousands of tokens a minute.')
param capacity int

@allowed(['GlobalStandard', 'DataZoneStandard', 'Standard'])
@description('Where texts are processed: anywhere, within the data zone (the EU), or in the region.')
param deploymentType string

param publicAccess bool

resource account 'Microsoft.CognitiveServices/accounts@2024-10-01' = {
  name: name
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: name
    disableLocalAuth: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }

  // The version stays until somebody changes it: a new one goes through approval like any new model.
  resource drafting 'deployments' = {
    name: 'drafting'
    sku: {
      name: deploymentType
      capacity: capacity
    }
    properties: {
      model: {
        format: 'OpenAI'
        name: model
        version: modelVersion
      }
      versionUpgradeOption: 'NoAutoUpgrade'
      raiPolicyName: 'Microsoft.DefaultV2'
    }
  }
}

output id string = account.id
output name string = account.name
output endpoint string = account.properties.endpoint
output deployment string = account::drafting.name
