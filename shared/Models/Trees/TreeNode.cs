namespace ServerlessCLM.Models;

/// <summary>One node of a tree: a split that sends a row left where its feature is below the threshold, or a leaf.</summary>
/// <param name="Feature">Place of the feature in a row; −1 in a leaf.</param>
/// <param name="Threshold">Finite. Left is <c>value &lt; Threshold</c>, as in XGBoost.</param>
/// <param name="MissingLeft">Whether a missing value goes left.</param>
/// <param name="Left">Index of the left child in its tree; −1 in a leaf.</param>
/// <param name="Right">Index of the right child in its tree; −1 in a leaf.</param>
/// <param name="Value">What a leaf adds to the margin; 0 in a split.</param>
/// <param name="Cover">Sum of the hessians of the training rows that came here; explanations weigh branches by it.</param>
public readonly record struct TreeNode(int Feature, float Threshold, bool MissingLeft, int Left, int Right, float Value, float Cover)
{
    public bool IsLeaf => Feature < 0;

    public static TreeNode Split(int feature, float threshold, bool missingLeft, int left, int right, float cover) =>
        new(feature, threshold, missingLeft, left, right, 0, cover);

    public static TreeNode Leaf(float value, float cover) => new(-1, 0, MissingLeft: false, -1, -1, value, cover);
}
