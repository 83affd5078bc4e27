"""The parts that components are made of, by the names the Metadata API gives them.

Source: Metadata WSDL v63.0. What stands elsewhere in a file is refused as the API refuses it.
"""

from collections.abc import Mapping

FIELD_PARTS = (
    *("businessOwnerGroup", "businessOwnerUser", "businessStatus", "caseSensitive"),
    *("complianceGroup", "customDataType", "defaultValue", "deleteConstraint", "deprecated"),
    *("description", "displayFormat", "encryptionScheme", "escapeMarkup", "externalDeveloperName"),
    *("externalId", "fieldManageability", "formula", "formulaTreatBlanksAs", "inlineHelpText"),
    *("isAIPredictionField", "isConvertLeadDisabled", "isFilteringDisabled", "isNameField"),
    *("isSortingDisabled", "label", "length", "lookupFilter", "maskChar", "maskType"),
    *("metadataRelationshipControllingField", "populateExistingRows", "precision"),
    *("referenceTargetField", "referenceTo", "relationshipLabel", "relationshipName"),
    *("relationshipOrder", "reparentableMasterDetail", "required", "restrictedAdminField"),
    *("scale", "securityClassification", "startingNumber", "stripMarkup", "summarizedField"),
    *("summaryFilterItems", "summaryForeignKey", "summaryOperation", "trackFeedHistory"),
    *("trackHistory", "trackTrending", "translateData", "type", "unique", "valueSet"),
    *("visibleLines", "writeRequiresMasterRead"),
)
LIST_VIEW_PARTS = (
    *("booleanFilter", "columns", "division", "filterScope", "filters", "label", "language"),
    *("queue", "sharedTo"),
)
PERMISSION_SET_PARTS = (
    *("applicationVisibilities", "classAccesses", "customMetadataTypeAccesses"),
    *("customPermissions", "customSettingAccesses", "description", "emailRoutingAddressAccesses"),
    *("externalCredentialPrincipalAccesses", "externalDataSourceAccesses", "fieldPermissions"),
    *("flowAccesses", "hasActivationRequired", "label", "license", "objectPermissions"),
    *("pageAccesses", "recordTypeVisibilities", "tabSettings", "userPermissions"),
)
OBJECT_PARTS = (
    *("actionOverrides", "allowInChatterGroups", "businessProcesses", "compactLayoutAssignment"),
    *("compactLayouts", "customHelp", "customHelpPage", "customSettingsType", "deploymentStatus"),
    *("deprecated", "description", "enableActivities", "enableBulkApi", "enableDataTranslation"),
    *("enableDivisions", "enableEnhancedLookup", "enableFeeds", "enableHistory"),
    *("enableLicensing", "enableReports", "enableSearch", "enableSharing", "enableStreamingApi"),
    *("externalSharingModel", "fieldSets", "fields", "gender", "household", "indexes", "label"),
    *("listViews", "nameField", "pluralLabel", "profileSearchLayouts", "publishBehavior"),
    *("recordTypeTrackFeedHistory", "recordTypeTrackHistory", "recordTypes", "searchLayouts"),
    *("sharingModel", "sharingReasons", "sharingRecalculations", "startsWith"),
    *("validationRules", "visibility", "webLinks"),
)
PARTS: Mapping[str, frozenset[str]] = {
    "CustomField": frozenset({"fullName", *FIELD_PARTS}),
    "ListView": frozenset({"fullName", *LIST_VIEW_PARTS}),
    "PermissionSet": frozenset({"fullName", *PERMISSION_SET_PARTS}),
    "CustomObject": frozenset({"fullName", *OBJECT_PARTS}),
    "ValueSet": frozenset(
        {"controllingField", "restricted", "valueSetDefinition", "valueSetName", "valueSettings"}
    ),
    "ValueSetValuesDefinition": frozenset({"sorted", "value"}),
    "CustomValue": frozenset({"fullName", "color", "default", "description", "isActive", "label"}),
    "ListViewFilter": frozenset({"field", "operation", "value"}),
    "PermissionSetFieldPermissions": frozenset({"editable", "field", "readable"}),
    "PermissionSetObjectPermissions": frozenset(
        {
            *("allowCreate", "allowDelete", "allowEdit", "allowRead", "modifyAllRecords"),
            *("object", "viewAllFields", "viewAllRecords"),
        }
    ),
}
"""The parts of each type; a type that is not listed takes any."""

PART_TYPES: Mapping[str, str] = {
    "fields": "CustomField",
    "nameField": "CustomField",
    "listViews": "ListView",
    "valueSet": "ValueSet",
    "valueSetDefinition": "ValueSetValuesDefinition",
    "value": "CustomValue",
    "filters": "ListViewFilter",
    "fieldPermissions": "PermissionSetFieldPermissions",
    "objectPermissions": "PermissionSetObjectPermissions",
}
"""The type of a part that has parts itself."""

REPEATED = frozenset(
    {
        *("fields", "listViews", "value", "filters", "columns", "fieldPermissions"),
        *("objectPermissions", "types", "members", "userPermissions", "tabSettings"),
        *("applicationVisibilities", "classAccesses", "recordTypeVisibilities", "pageAccesses"),
        *("customPermissions", "valueSettings", "recordTypes", "validationRules", "webLinks"),
        *("compactLayouts", "actionOverrides", "fieldSets", "businessProcesses"),
    }
)
"""Parts that may stand more than once."""

NUMBERS = frozenset(
    {"length", "precision", "scale", "visibleLines", "startingNumber", "relationshipOrder"}
)
BOOLEANS = frozenset(
    {
        *("caseSensitive", "externalId", "unique", "required", "trackHistory", "trackTrending"),
        *("trackFeedHistory", "deprecated", "stripMarkup", "escapeMarkup", "isActive", "default"),
        *("restricted", "sorted", "populateExistingRows", "reparentableMasterDetail"),
        *("editable", "readable", "allowCreate", "allowDelete", "allowEdit", "allowRead"),
        *("modifyAllRecords", "viewAllRecords", "viewAllFields", "hasActivationRequired"),
        *("enableActivities", "enableHistory", "enableReports", "enableSearch", "enableFeeds"),
        *("enableBulkApi", "enableSharing", "enableStreamingApi", "writeRequiresMasterRead"),
    }
)
